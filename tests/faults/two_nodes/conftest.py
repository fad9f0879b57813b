"""Two web servers on one database, one Redis and one store of files."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.nodes import Nodes, running
from tests.faults.two_nodes.steps import SQLITE
from tests.post_office import PostOffice
from tests.postgresql import Server
from tests.s3 import S3Server


@pytest.fixture(scope="module")
def post_office() -> Iterator[PostOffice]:
    with PostOffice() as office:
        yield office


@pytest.fixture
def nodes(request: pytest.FixtureRequest) -> Nodes:
    """Both, before which no one has used up a limit, and with no job waiting."""
    over = getattr(request, "param", SQLITE)
    name = "over_a_folder" if over == SQLITE else "over_servers"
    made: Nodes = request.getfixturevalue(name)
    made.first.redis().flushall()
    return made


@pytest.fixture(scope="module")
def over_a_folder(
    prepared: Path, tmp_path_factory: pytest.TempPathFactory, post_office: PostOffice
) -> Iterator[Nodes]:
    """Both, with the ordinary clock and the limits that an office has."""
    folder = tmp_path_factory.mktemp("two") / "data"
    shutil.copytree(prepared, folder)
    sockets = tmp_path_factory.mktemp("n"), tmp_path_factory.mktemp("n")
    with running(folder, sockets, post_office.url) as made:
        yield made


@pytest.fixture(scope="module")
def over_servers(
    shared: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
    post_office: PostOffice,
) -> Iterator[Nodes]:
    """The same, with a database and files that lie elsewhere."""
    folder = tmp_path_factory.mktemp("two")
    sockets = tmp_path_factory.mktemp("n"), tmp_path_factory.mktemp("n")
    with running(folder, sockets, post_office.url, **shared) as made:
        yield made


@pytest.fixture(scope="module")
def shared() -> Iterator[dict[str, str]]:
    """A PostgreSQL server and a store that speaks S3, as settings name them."""
    # Not below pytest's folder: the path of a socket is short.
    folder, store = Path(tempfile.mkdtemp(prefix="pst-pg-")), S3Server()
    database = Server(folder)
    try:
        database.start()
        address = database.create(name="pst")
        yield {"PST_DATABASE_URL": address, "PST_FILES_URL": store.url("kantor")}
    finally:
        database.stop()
        store.close()
        shutil.rmtree(folder)
