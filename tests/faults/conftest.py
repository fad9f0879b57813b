"""One house for all fault tests, and the numbers they print."""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.faults import house as houses
from tests.faults.disk import Disk
from tests.faults.house import House
from tests.post_office import PostOffice
from tests.served import prepared

__all__ = ["prepared"]  # a fixture
LINE = "line"  # a property of a report: what is to be printed
OF_THE_HOUSE = {"house", "copied"}  # fixtures: processes that are killed under work


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if OF_THE_HOUSE & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.alone)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what was counted: kills, what was acknowledged, lost, doubled."""
    reports = [each for some in terminalreporter.stats.values() for each in some]
    called = [each for each in reports if getattr(each, "when", "") == "call"]
    lines = [
        text for each in called for name, text in each.user_properties if name == LINE
    ]
    if lines:
        terminalreporter.section("faults")
    for line in lines:
        terminalreporter.write_line(line)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Print a line at the end of the run, from any of its processes."""
    return partial(record_property, LINE)


@pytest.fixture(scope="session")
def one_house(
    prepared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """All processes, on a small disk of their own; they are started once."""
    disk = Disk(tmp_path_factory.mktemp("disk"))
    folder = disk.folder / "data"
    shutil.copytree(prepared, folder)
    with PostOffice() as office:
        house = None
        try:
            house = houses.build(folder, tmp_path_factory.mktemp("s"), office, disk)
            yield house
        finally:
            if house is not None:
                house.service.stop()
            disk.unmount()


@pytest.fixture
def house(one_house: House) -> Iterator[House]:
    """The house, whole, with no mail owed; sound again after each test."""
    one_house.settle()
    one_house.post_office.mails.clear()
    yield one_house
    one_house.make_whole()
    one_house.assert_sound()
