"""Migrations build what the models say, and can be taken back to nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import check, downgrade, upgrade

from pst import create_app
from pst.database import db
from tests.conftest import settings_for
from tests.postgresql import of_sqlite


def test_migrations_build_what_the_models_say(app: Flask):
    with app.app_context():
        check()  # `flask db check`: ends the process when it finds a difference


def test_migrations_go_down_to_nothing_and_up_again(tmp_path):
    app = create_app(settings_for(tmp_path))
    with app.app_context():
        upgrade()
        downgrade(revision="base")
        left = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
        upgrade()
        db.engine.dispose()

    assert not left


def test_the_baseline_builds_the_database_of_0_1_0(old: Path, tmp_path: Path):
    app = create_app(settings_for(tmp_path / "new"))
    with app.app_context():
        upgrade(revision=BASELINE)
        db.engine.dispose()

    assert schema(tmp_path / "new") == schema(old)


@of_sqlite
def test_a_database_of_0_1_0_is_brought_up_by_prepare(old: Path, built: Path):
    before = rows(old)
    app = create_app(settings_for(old))
    outcome = app.test_cli_runner().invoke(args=["prepare", "--no-articles"])
    with app.app_context():
        page = app.test_client().get("/cari?q=penduduk").get_data(as_text=True)
        db.engine.dispose()
    after = rows(old)

    assert outcome.exit_code == 0, outcome.output
    assert schema(old) == schema(built)
    assert "/artikel/jumlah-penduduk-menurut-kecamatan" in page
    for table, kept in before.items():
        assert after[table][: len(kept)] == kept, table


def test_a_database_of_0_1_0_keeps_its_triggers(old: Path):
    app = create_app(settings_for(old))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    with closing(sqlite3.connect(old / DATABASE)) as file:
        file.execute("UPDATE consultation SET subject = 'Kemiskinan' WHERE id = 1")
        hits = file.execute(
            "SELECT rowid FROM consultation_index WHERE consultation_index MATCH ?",
            ("kemiskinan",),
        ).fetchall()
        for table in ("audit_entry", "follow_up", "follow_up_entry"):
            with pytest.raises(sqlite3.IntegrityError):
                file.execute(f"DELETE FROM {table}")

    assert hits == [(1,)]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A data folder as the last version with the old migrations left it."""
    folder = tmp_path / "old"
    folder.mkdir()
    with closing(sqlite3.connect(folder / DATABASE)) as file:
        file.executescript(DUMP.read_text())
    return folder


def rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Read what people wrote, without the columns that came later."""
    with closing(sqlite3.connect(folder / DATABASE)) as file:
        return {
            table: file.execute(f"SELECT {columns} FROM {table} ORDER BY 1").fetchall()
            for table, columns in WRITTEN.items()
        }


def schema(folder: Path) -> dict[str, object]:
    """Read what was made; the order of a table's parts is left to chance."""
    with closing(sqlite3.connect(folder / DATABASE)) as file:
        found = file.execute("SELECT name, sql FROM sqlite_master").fetchall()
    return {name: parts(" ".join((sql or "").split())) for name, sql in found}


def parts(sql: str) -> list[str]:
    """Cut at the commas of the outermost brackets, and sort; drop quotes of names."""
    pieces, depth = [""], 0
    for letter in sql.replace('"', ""):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 1:
            pieces.append("")
        else:
            pieces[-1] += letter
    head, _, first = pieces[0].partition("(")
    *middle, last = first, *pieces[1:]
    return [head, *sorted(p.strip(" )") for p in (*middle, last))]


BASELINE = "0013"
DATABASE = "pst.sqlite3"
DUMP = Path(__file__).parent / "database_0_1_0.sql"
WRITTEN = {
    "user": "id, email, name, password_hash",
    "consultation": "id, number, subject, description, state, closed_at",
    "message": "id, kind, body, is_final, created_at",
    "revision": "id, title, body",
    "rating": "id, score, comment",
    "follow_up": "id, number, progress, due_at",
    "outbox_mail": "id, cause, to_address, subject, body, state",
    "audit_entry": "id, at, actor_id, action, subject, hash",
    "office_setting": "key, value",
}
