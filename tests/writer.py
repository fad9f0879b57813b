"""Another process that writes: it reads, waits to be told, and writes what follows."""

from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from flask import Flask

from pst import clock, create_app
from pst.database import db, transaction
from pst.office.settings import OfficeSetting
from tests.beginnings import settings_for
from tests.forking import LOADER

KEY = "counted"


def count_one(between: Callable[[], object]) -> None:
    """Read a number and write the next, as a verb does."""
    row = db.session.get(OfficeSetting, KEY)
    number = int(row.value) if row else 0
    between()
    if row is None:
        db.session.add(OfficeSetting(key=KEY, value="1", changed_at=clock.now()))
    else:
        row.value = str(number + 1)


class OtherProcess:
    """Another process that has its turn to write, and has read."""

    def __init__(self, app: Flask) -> None:
        conf = app.config["PST"]
        self._pipe, its_end = LOADER.Pipe()
        given = (conf.data_dir, conf.database_url, its_end)
        self._process = LOADER.Process(target=write, args=given)
        self._process.start()
        its_end.close()
        assert self._pipe.recv() == "read"

    def tell(self) -> None:
        """Let it go on."""
        self._pipe.send("go on")

    def wait(self) -> None:
        """Wait until it has written and ended."""
        self._process.join()
        assert self._process.exitcode == 0


def write(folder: Path, address: str, pipe: Connection) -> None:
    """Be the other process."""

    def wait_to_be_told() -> None:
        pipe.send("read")
        pipe.recv()

    app = create_app(settings_for(folder, database_url=address))
    with app.app_context(), transaction():
        count_one(wait_to_be_told)
