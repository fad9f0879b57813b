"""Two PostgreSQL servers, the second a copy that follows the first."""

import shutil
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.postgresql import Server
from tests.processes import HOST, free_port, wait_until

# Both names have the one port, as on two machines.
OTHER_HOST = "127.0.0.2"
DATABASE = "pst"
# The first answers what it wrote once the second has it too.
FIRST = "-c wal_level=replica -c synchronous_standby_names=*"


class Member(Server):
    """A server at a port, whose writes are on disk before it answers."""

    def __init__(self, folder: Path, host: str, port: int, options: str = "") -> None:
        super().__init__(folder)
        self.host, self.port = host, port
        self.options = f"{options} -c listen_addresses={host} -c port={port}"

    def launch(self) -> None:
        """Start with the data that are there."""
        options = f"-k {self.folder} {self.options}"
        self._run(
            "pg_ctl", "start", "-w", "-D", "data", "-l", "log", "-o", options, "-s"
        )

    def address(self, name: str) -> str:
        return f"postgresql+psycopg://pst@{self.host}:{self.port}/{name}"

    def scalar(self, statement: str, name: str = DATABASE) -> Any:
        """Ask one thing past the service."""
        engine = sa.create_engine(self.address(name), poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            return connection.exec_driver_sql(statement).scalar()


class Pair:
    """The first takes writes; the second may take its place."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        places = [folder / name for name in ("first", "second")]
        for place in places:
            place.mkdir()
        self.first = Member(places[0], HOST, port, FIRST)
        self.second = Member(places[1], OTHER_HOST, port)
        self.running: list[Member] = []

    @property
    def address(self) -> str:
        """The one address that names both (deploy/cluster.md)."""
        hosts = f"{self.first.host},{self.second.host}"
        query = f"port={self.first.port}&target_session_attrs=read-write"
        return f"postgresql+psycopg://pst@{hosts}/{DATABASE}?{query}"

    def start(self) -> None:
        first, second = self.first, self.second
        names = "--username=pst --auth=trust --encoding=UTF8 --locale=C.UTF-8"
        first._run("initdb", "--no-sync", "-D", "data", *names.split())
        first.launch()
        self.running.append(first)
        source = f"host={first.host} port={first.port} user=pst"
        second._run("pg_basebackup", "-R", "-D", "data", "-c", "fast", "-d", source)
        second.launch()
        self.running.append(second)
        wait_until(self._is_followed, "the second server to follow")
        first.create(name=DATABASE)

    def crash(self, member: Member) -> None:
        """Stop at once, without a word to anyone, as a power cut would."""
        self.running.remove(member)
        member.stop()

    def restart(self, member: Member) -> None:
        member.launch()
        self.running.append(member)

    def promote(self) -> None:
        """Let the second take the place of the first."""
        self.second._run("pg_ctl", "promote", "-w", "-D", "data", "-s")

    def stop(self) -> None:
        for member in list(self.running):
            self.crash(member)
        for member in (self.first, self.second):
            shutil.rmtree(member.folder)

    def _is_followed(self) -> bool:
        query = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
        return bool(self.first.scalar(query, "postgres"))
