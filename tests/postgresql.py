"""A PostgreSQL server of the tests' own, when PST_TEST_ENGINE asks for one.

Each run has a server in a folder of its own, and each test a copy of one database that
the migrations made. `PST_TEST_ENGINE=postgresql pytest tests/test_database.py`
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
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
TEMPLATE = "built"
# Nothing of a test must outlive a power cut.
QUICK = "-c fsync=off -c full_page_writes=off -c shared_buffers=64MB"


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
        self._say(f"CREATE DATABASE {name} TEMPLATE {template}")
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


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server | None]:
    """The server, when one is asked for."""
    if not IS_ASKED:
        yield None
        return
    # Not below pytest's folder: the path of a socket is short.
    folder = Path(tempfile.mkdtemp(prefix="pst-pg-"))
    server = Server(folder)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder)
