"""Fixtures: the service's real processes on a fresh copy of its data."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.forking import QuickService
from tests.post_office import PostOffice
from tests.postgresql import IS_ASKED, Server, mark
from tests.processes import Service

MORNING = "2026-03-02 09:00+07:00"  # a Monday in service hours


@pytest.fixture(scope="session")
def prepared(
    tmp_path_factory: pytest.TempPathFactory, postgresql: Server | None
) -> Path:
    """A data folder as `bin/run` makes it, with the demo people."""

    def prepare(folder: Path) -> None:
        service = empty(folder, postgresql)
        service.at(MORNING)
        service.flask("prepare")
        mark(folder, service.env["PST_DATABASE_URL"])

    return made_once(tmp_path_factory, "installed", prepare)


def empty(folder: Path, postgresql: Server | None) -> Service:
    """Return a service that has nothing yet in its folder, or on the server."""
    service = Service(folder, folder)
    if postgresql:
        service.env["PST_DATABASE_URL"] = postgresql.create()
    return service


@pytest.fixture
def data(
    prepared: Path,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Path:
    """What the service begins with: pages ask often, so that no test waits for news.

    A test that is marked `office` has so many consultations.
    """
    office = request.node.get_closest_marker("office")
    counts = office.kwargs if office else {}
    words = [f"--{name}={count}" for name, count in sorted(counts.items())]

    def furnish(folder: Path) -> None:
        shutil.copytree(prepared, folder, dirs_exist_ok=True)
        service = Service(folder, folder)
        ask_often(service.env["PST_DATABASE_URL"])
        if words:
            service.at(MORNING)
            service.flask("demo", "office", *words)
        mark(folder, service.env["PST_DATABASE_URL"])

    return made_once(
        tmp_path_factory, f"{prepared.name}-lively{''.join(words)}", furnish
    )


def ask_often(address: str) -> None:
    """Let a conversation ask for news each second, as an office may have it."""
    with sa.create_engine(address, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO office_setting (key, value, changed_at)"
            " VALUES ('poll_lively_s', '1', '2026-03-02 02:00:00')"
        )


def made_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]
) -> Path:
    """Return a folder that one process of the run makes, and no test changes.

    Where each process has a database server of its own, it makes its own folder.
    """
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ and not IS_ASKED:
        root = root.parent  # that of the whole run
    folder, begun = root / name, root / f"{name}.begun"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(begun, ignore_errors=True)  # by one that failed
            begun.mkdir()
            make(begun)
            begun.rename(folder)
    return folder


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    with PostOffice() as office:
        yield office


@pytest.fixture
def service(
    data: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    post_office: PostOffice,
    postgresql: Server | None,
) -> Iterator[Service]:
    """Web server and Redis, on a fresh copy of the data."""
    folder = tmp_path / "data"
    shutil.copytree(data, folder)
    service = QuickService(folder, tmp_path_factory.mktemp("s"), post_office.url)
    service.at(MORNING)
    try:
        service.start("redis", "web")
        yield service
    finally:
        service.stop()
        if postgresql:
            postgresql.drop(service.env["PST_DATABASE_URL"])


@pytest.fixture
def workers(service: Service) -> None:
    """Worker and scheduler, for tests in which mails go out or time does something."""
    service.start("worker", "scheduler")
