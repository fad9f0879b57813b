"""One house for all fault tests, and the numbers they print."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import house as houses
from tests.faults.disk import Disk
from tests.faults.house import House
from tests.processes import PostOffice
from tests.served import prepared

__all__ = ["prepared"]  # a fixture
NUMBERS: list[str] = []


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what was counted: kills, what was acknowledged, lost, doubled."""
    if NUMBERS:
        terminalreporter.section("faults")
    for line in NUMBERS:
        terminalreporter.write_line(line)


@pytest.fixture
def tell() -> Callable[[str], None]:
    """Have a line printed at the end of the run."""
    return NUMBERS.append


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
    """The house, whole, with no mail owed; sound again after whatever a test did."""
    one_house.settle()
    one_house.post_office.mails.clear()
    yield one_house
    one_house.make_whole()
    one_house.assert_sound()
