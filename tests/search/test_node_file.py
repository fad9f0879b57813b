"""The index that a web server keeps in a file of its own, where PostgreSQL has none."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from pst.database import transaction
from pst.search.language.synonym_groups import SynonymGroup
from pst.search.storage import node_file
from tests.postgresql import IS_ASKED
from tests.search.node_index import copied

OWN = ("search_", "code_index")


def schema(path: Path) -> dict[str, str]:
    with closing(sqlite3.connect(path)) as file:
        rows = file.execute("SELECT name, sql FROM sqlite_master WHERE sql NOT NULL")
        return {
            name: " ".join(sql.replace('"', "").split())
            for name, sql in rows
            if name.startswith(OWN) and name != "search_log"
        }


@pytest.mark.skipif(IS_ASKED, reason="compares with the tables of SQLite")
def test_its_tables_are_those_of_the_migrations(built: Path, tmp_path: Path):
    file = node_file.NodeFile(tmp_path / "search.sqlite3")
    with file.engine.begin() as connection:
        node_file._empty(connection)
    file.engine.dispose()
    migrated = schema(built / "pst.sqlite3")
    own = schema(tmp_path / "search.sqlite3")

    assert {name for name in migrated if "search_log" not in name} == own.keys()
    assert all(own[name] == migrated[name] for name in own)


@pytest.mark.skipif(not IS_ASKED, reason="SQLite has the index in the database")
def test_it_follows_what_was_committed(app: Flask):
    with app.app_context():
        before = copied()
        with transaction():
            group = SynonymGroup(terms="", weight=1.0, expands=True)
            group.change(["zyx", "wvu"], 1.0, by_id=1)
        after = copied()

    assert after - before == {"zyx\nwvu"}
