"""Fixtures: the service's real processes on a fresh copy of its data."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forking import QuickService
from tests.processes import PostOffice, Service

MORNING = "2026-03-02 09:00+07:00"  # a Monday in service hours


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as `bin/run` makes it, with the demo people."""
    folder = tmp_path_factory.mktemp("prepared")
    service = Service(folder, folder)
    service.at(MORNING)
    service.flask("prepare")
    return folder


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    with PostOffice() as office:
        yield office


@pytest.fixture
def service(
    prepared: Path,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    post_office: PostOffice,
) -> Iterator[Service]:
    """Web server and Redis, on a fresh copy of the data."""
    folder = tmp_path / "data"
    shutil.copytree(prepared, folder)
    service = QuickService(folder, tmp_path_factory.mktemp("s"), post_office.url)
    service.at(MORNING)
    try:
        service.start("redis", "web")
        yield service
    finally:
        service.stop()


@pytest.fixture
def workers(service: Service) -> None:
    """Worker and scheduler, for tests in which mails go out or time does something."""
    service.start("worker", "scheduler")
