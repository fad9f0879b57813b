"""A PostgreSQL server of the tests' own, when PST_TEST_ENGINE asks for one.

Each run has a server in a folder of its own, and each test a copy of one database that
the migrations made. `PST_TEST_ENGINE=postgresql pytest tests/office`
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

IS_ASKED = os.environ.get("PST_TEST_ENGINE") == "postgresql"
# For what is said about SQLite's own means.
of_sqlite = pytest.mark.skipif(IS_ASKED, reason="about SQLite's own means")
of_postgresql = pytest.mark.skipif(not IS_ASKED, reason="about PostgreSQL's means")
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
TEMPLATE, MARK = "built", "of-postgresql"
MEMORY, ROOM = Path("/dev/shm"), 2 * 2**30
# Nothing of a test must outlive a power cut.
QUICK = "-c fsync=off -c full_page_writes=off -c shared_buffers=64MB"


# The databases that were made for folders of data; and the server, once it runs.
_made: dict[Path, str] = {}
_running: list["Server"] = []


class Server:
    """One running server; only its own folder says where it is."""

    options = QUICK

    def __init__(self, folder: Path) -> None:
        self.folder, self._numbers = folder, count(1)
        # A server refuses to run as root.
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user)

    def start(self) -> None:
        names = "--username=pst --auth=trust --encoding=UTF8 --locale=C.UTF-8"
        self._run("initdb", "--no-sync", "-D", "data", *names.split())
        options = f"-c listen_addresses= -k {self.folder} {self.options}"
        self._run(
            "pg_ctl", "start", "-w", "-D", "data", "-l", "log", "-o", options, "-s"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", "data", "-s")

    def address(self, name: str) -> str:
        return f"postgresql+psycopg://pst@/{name}?host={self.folder}"

    def create(self, template: str = "template0", name: str = "") -> str:
        """Return the address of a new database like `template`."""
        name = name or f"test_{next(self._numbers)}"
        # Without a log of its own, a copy of files is the quickest.
        self._say(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.address(name)

    def drop(self, address: str) -> None:
        name = sa.make_url(address).database
        self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        engine = sa.create_engine(
            self.address("postgres"), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [PROGRAMS[-1] / program, *arguments],
            cwd=self.folder,
            user=self._user,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def mark(folder: Path, address: str) -> None:
    """Let a copy of `folder` have a copy of the database at `address`.

    No one may be connected to it when it is copied.
    """
    if IS_ASKED:
        (folder / MARK).write_text(sa.make_url(address).database or "")


def address_for(folder: Path) -> str | None:
    """Return the database of a copied folder, made when it is first asked for."""
    if not _running or not (folder / MARK).exists():
        return None
    if folder not in _made:
        _made[folder] = _running[-1].create((folder / MARK).read_text())
    return _made[folder]


def quick_place() -> Path | None:
    """Return a folder in memory that holds many databases, if there is one.

    Some tests start what they have written there.
    """
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    can_run = has_room and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    return MEMORY if can_run else None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server | None]:
    """The server, when one is asked for."""
    if not IS_ASKED:
        yield None
        return
    # Not below pytest's folder: the path of a socket is short.
    folder = Path(tempfile.mkdtemp(prefix="pst-pg-", dir=quick_place()))
    server = Server(folder)
    server.start()
    _running.append(server)
    yield server
    server.stop()
    shutil.rmtree(folder)
