"""Processes forked from one: each has its own test's data, settings and end."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.nodes import asked
from tests.faults.people import Clicker
from tests.forking import QuickService
from tests.processes import wait_until
from tests.served import MORNING, prepared

__all__ = ["prepared"]  # a fixture


@pytest.fixture
def pair(
    prepared: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[QuickService]]:
    """Two services side by side, as two tests have them one after the other."""
    made = []
    for name in ("first", "second"):
        shutil.copytree(prepared, tmp_path / name)
        made.append(QuickService(tmp_path / name, tmp_path_factory.mktemp("s")))
        made[-1].at(MORNING)
    try:
        yield made
    finally:
        for service in made:
            service.stop()


def test_one_service_knows_nothing_of_the_other(pair: list[QuickService]):
    first, second = pair
    first.env["PST_BASE_URL"] = "http://kantor-satu.test"
    first.start("redis", "web")
    conversation = asked(Clicker(first).log_in("siti"))

    second.start("redis", "web")

    assert Clicker(second).log_in("siti").get(conversation).status == 404
    robots = [Clicker(each).get("/robots.txt").text for each in pair]
    assert ["kantor-satu" in text for text in robots] == [True, False]


def test_nothing_of_a_service_runs_on_after_its_end(pair: list[QuickService]):
    service, _ = pair
    service.start()
    parts = [process.pid for process in service.running.values()]
    parts += [id for name in service.running for id in service.children(name)]
    assert len(parts) > len(service.running), "the web server has a process that serves"

    service.stop()

    wait_until(lambda: not any(map(is_there, parts)), "the end of all of them")


def is_there(id: int) -> bool:
    """Return whether the process runs; one that no one has asked for yet does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{id}/status").read_text()
    except OSError:
        return False
