"""An office moves to another engine and back, whole, also when it is cut off."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from pst import create_app
from pst.accounts.users import User
from pst.admin import data_move
from pst.admin.data_move import CannotMove, move
from pst.consultations.conversation.conversation_index import Finder
from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.database import db, engine_of, reading, transaction
from pst.database.copies import copies_of
from pst.demo.office import BusyOffice
from pst.knowledge.documents import ARTICLE
from pst.knowledge.exchange import entries, importing
from pst.office import audit
from pst.search import engine
from pst.search.storage import store
from pst.server.config_values import BadSetting
from tests.conftest import settings_for
from tests.postgresql import Server, of_postgresql
from tests.starter_articles import STARTER

pytestmark = of_postgresql


@pytest.fixture
def office(
    app: Flask, consultation: Consultation, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The address of an office with conversations, articles and a trail."""
    monkeypatch.setattr(data_move, "BATCH", 20)
    articles = [
        each for each in json.loads(STARTER.read_text()) if "kemiskinan" in each["slug"]
    ]
    with transaction():
        BusyOffice(opened=10, closed=60).make()
        importing.load(entries.read(articles))
        for n in range(3):
            audit.record("try", f"thing:{n}", None, words="ä ≠ a")
        first = db.session.get_one(Consultation, 1)
        first.duplicate_of_id = 2  # a row that comes later
    db.session.remove()
    db.engine.dispose()
    address: str = app.config["PST"].database_url
    return address


@pytest.fixture
def file(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'moved.sqlite3'}"


@pytest.fixture
def fresh(postgresql: Server) -> Iterator[str]:
    address = postgresql.create()
    yield address
    postgresql.drop(address)


def summaries(address: str) -> dict[str, tuple[int, str]]:
    with copies_of(address).connected(address) as connection:
        return {
            table.name: data_move.summary(table, connection)
            for table in data_move.tables()
        }


def silent(text: str) -> None:
    pass


def test_an_office_moves_there_and_back(office: str, file: str, fresh: str):
    before = summaries(office)

    total = move(office, file, silent)
    move(file, fresh, silent)

    assert total == sum(count for count, _ in before.values())
    assert summaries(file) == summaries(fresh) == before
    assert before["consultation"][0] > data_move.BATCH, "more than one batch"


def test_it_serves_on_where_it_moved(
    office: str, file: str, fresh: str, tmp_path: Path, at: object
):
    move(office, file, silent)
    move(file, fresh, silent)

    for name, address in (("sqlite", file), ("postgresql", fresh)):
        moved = create_app(settings_for(tmp_path / name, database_url=address))
        with moved.app_context():
            runner = moved.test_cli_runner()
            assert runner.invoke(args=["prepare"]).exit_code == 0
            looks_whole()
            db.engine.dispose()


def looks_whole() -> None:
    """Look for what is derived, chained or numbered, and write on."""
    with reading():
        assert not list(audit.broken_ids())
        hits = engine.search(store.reading(), "garis kemiskinan", ARTICLE).hits
        assert hits[0].slug == "garis-kemiskinan"
        hasan = User.with_email("hasan@contoh.test")
        assert hasan is not None
        assert Finder("Wanadadi", hasan).conversations
        highest = db.session.scalar(sa.select(sa.func.max(Consultation.id))) or 0
    with transaction():
        siti = User.with_email("siti@contoh.test")
        assert siti is not None
        consultation = Consultation.ask(
            siti, Category.DATA, "Satu lagi", "Menurut umur."
        )
        assert consultation.id == highest + 1


@pytest.mark.parametrize("batches", [1, 4, 9])
def test_a_move_that_was_cut_off_goes_on(
    batches: int,
    office: str,
    file: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    with monkeypatch.context() as cut:
        cut_off_after(batches, cut)
        with pytest.raises(KeyboardInterrupt):
            move(office, file, silent)

    move(office, file, silent)

    assert summaries(file) == summaries(office)


def test_no_one_is_served_from_half_an_office(
    office: str,
    file: str,
    fresh: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    move(office, file, silent)
    cut_off_after(3, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        move(file, fresh, silent)

    with pytest.raises(BadSetting, match="not finished"):
        create_app(settings_for(tmp_path / "half", database_url=fresh))


def cut_off_after(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    batches, left = data_move._batches, iter(range(count))

    def cut_off(*words: object) -> Iterator[list[dict[str, object]]]:
        for rows in batches(*words):  # type: ignore[arg-type]
            if next(left, None) is None:
                raise KeyboardInterrupt
            yield rows

    monkeypatch.setattr(data_move, "_batches", cut_off)


def test_what_changed_between_is_told(
    office: str, file: str, monkeypatch: pytest.MonkeyPatch
):
    batches = data_move._batches

    def cut_off(table: sa.Table, *words: object) -> object:
        if table.name == "user":  # well after the days off
            raise KeyboardInterrupt
        return batches(table, *words)  # type: ignore[arg-type]

    with monkeypatch.context() as cut:
        cut.setattr(data_move, "_batches", cut_off)
        with pytest.raises(KeyboardInterrupt):
            move(office, file, silent)
    with copies_of(office).connected(office) as connection:
        connection.exec_driver_sql("UPDATE day_off SET name = 'lain'")

    with pytest.raises(CannotMove, match="day_off differs"):
        move(office, file, silent)


def test_an_office_is_moved_into_no_other(office: str, file: str):
    move(office, file, silent)

    with pytest.raises(CannotMove, match="holds an office"):
        move(office, file, silent)


def test_nothing_moves_under_a_running_service(office: str, file: str):
    served = sa.create_engine(office, **engine_of(office).engine_options())
    with served.connect() as connection:
        connection.exec_driver_sql("SELECT 1")

        with pytest.raises(CannotMove, match="running"):
            move(office, file, silent)
    served.dispose()
