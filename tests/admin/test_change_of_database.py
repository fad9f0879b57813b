"""On PostgreSQL a restored database takes the place of the present one, or not."""

import signal
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from pst.database import db, transaction
from pst.database import postgresql_copies as copies
from pst.search.language.synonym_groups import SynonymGroup
from tests.postgresql import of_postgresql
from tests.search.node_index import copied

pytestmark = of_postgresql
# Ends at once before the second of the two names is given.
KILLED = """
import os, signal, sys
from pathlib import Path
import sqlalchemy as sa
from pst.database import postgresql_copies as copies

seen = []

@sa.event.listens_for(sa.engine.Engine, "before_cursor_execute")
def end(connection, cursor, statement, *more):
    seen.append("RENAME" in statement)
    if sum(seen) == 2:
        os.kill(os.getpid(), signal.SIGKILL)

copies.take_place(sys.argv[1], sys.argv[2], Path("replaced-1"))
"""


def names(address: str) -> set[str]:
    with copies.connected(address) as connection:
        return set(connection.scalars(sa.text("SELECT datname FROM pg_database")))


def test_who_is_killed_between_the_two_names_has_changed_none(
    app: Flask, tmp_path: Path
):
    address = app.config["PST"].database_url
    with app.app_context(), copies.copied(address, tmp_path / copies.NAME):
        fresh = copies.opened(tmp_path / copies.NAME, address)
        db.engine.dispose()
    before = names(address)

    result = subprocess.run([sys.executable, "-c", KILLED, fresh, address])

    assert result.returncode == -signal.SIGKILL
    assert names(address) == before
    aside = copies.take_place(fresh, address, tmp_path / "replaced-2")
    assert names(address) == before - {sa.make_url(fresh).database} | {aside}


def test_an_index_of_the_replaced_database_is_made_again(app: Flask, tmp_path: Path):
    """As on another web server, which nothing tells that a backup was restored."""
    address = app.config["PST"].database_url
    with app.app_context(), copies.copied(address, tmp_path / copies.NAME):
        pass
    with app.app_context():
        note("dari yang lama")
        assert "dari yang lama" in copied()
        db.session.remove()
        db.engine.dispose()
        fresh = copies.opened(tmp_path / copies.NAME, address)
        copies.take_place(fresh, address, tmp_path / "replaced-1")
        for word in ("satu", "dua"):  # so that it is as far as the other one was
            note(word)

        assert copied() >= {"satu", "dua"}
        assert "dari yang lama" not in copied()


def note(word: str) -> None:
    with transaction():
        group = SynonymGroup(terms="", weight=1.0, expands=True)
        group.change([word], 1.0, by_id=1)
