"""What both engines must do alike.

`PST_TEST_ENGINE=postgresql pytest tests/engines` asks PostgreSQL.
"""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from pst import clock
from pst.accounts.users import User
from pst.admin.queries import People
from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.database import (
    db,
    engine,
    transaction,
)
from pst.database.base import epoch
from pst.office.settings import OfficeSetting
from pst.reports.figures.period_figures import Figures
from pst.reports.periods import Period
from tests.pages import Browser

MOMENT = datetime(2026, 3, 2, 2, 0, 0, 123456, tzinfo=UTC)


def named(*names: str) -> None:
    """Register people of these names."""
    with transaction():
        for n, name in enumerate(names):
            User.register(f"orang{n}@contoh.test", name, "x")


def test_names_are_found_without_regard_to_case(context: None, at: object):
    named("Ratna Dewi")

    for typed in ("ratna", "RATNA", "Ratna dewi"):
        assert [each.name for each in People(typed).rows.items] == ["Ratna Dewi"]


def test_names_stand_in_the_order_of_their_characters(context: None, at: object):
    named("Zahra", "agus", "Ömer", "Agus", "Ab", "A b", "A-b")
    query = sa.select(User.name).order_by(User.name)

    rows = list(db.session.scalars(query))

    assert rows == sorted(rows)


def test_what_has_no_moment_stands_first_where_it_is_said_so(
    consultation: Consultation, siti: User
):
    other = Consultation.ask(siti, Category.DATA, "Dua", "Menurut umur.")
    other.tell_user_at = MOMENT
    db.session.commit()
    column = Consultation.tell_user_at

    for order, first in (
        (column.asc().nulls_first(), consultation),
        (column.desc().nulls_last(), other),
    ):
        query = sa.select(Consultation).order_by(order)
        assert db.session.scalars(query).first() is first


def test_the_next_row_comes_after_ids_that_were_given(context: None, at: object):
    table = OfficeSetting.__table__.metadata.tables["bad_address"]
    row = {
        column.name: {"id": 500}.get(column.name, "x" if is_text(column) else MOMENT)
        for column in table.columns
        if not column.nullable
    }
    with transaction():
        db.session.execute(sa.insert(table).values(row))
        engine().number_after(table)
        row.pop("id")
        others = {name: "y" for name, value in row.items() if value == "x"}
        rows = db.session.execute(sa.insert(table).values({**row, **others}))

    assert rows.inserted_primary_key == (501,)


def is_text(column: sa.Column[object]) -> bool:
    return isinstance(column.type, sa.String)


def test_no_row_has_a_number_that_is_too_great(context: None):
    for id in (2**31, 2**62):
        assert db.session.get(Consultation, id) is None


def test_a_page_of_such_a_number_is_not_there(app: Flask, at: object):
    budi = Browser(app).log_in("budi")

    assert budi.post("/petugas/surel-gagal", {"resend": "9" * 30}).status_code == 404


def test_a_list_has_no_page_of_such_a_number(app: Flask, at: object):
    siti = Browser(app).log_in("siti")

    assert siti.get(f"/konsultasi?hal={'9' * 30}").status_code == 404


def test_details_come_back_as_they_were(consultation: Consultation):
    details = {"z": 1, "a": ["ä", None, 1.5], "level": "desa", "teks": 'q"\\'}
    consultation.details = details
    db.session.commit()
    level = Consultation.details["level"].as_string()

    [stored] = db.session.scalars(sa.select(Consultation).where(level == "desa"))

    assert stored.details == details
    assert list(stored.details) == list(details)


def test_a_moment_is_the_same_in_every_zone_of_the_server(consultation: Consultation):
    consultation.tell_user_at = MOMENT
    db.session.commit()
    query = sa.select(epoch(Consultation.tell_user_at))

    assert db.session.scalar(query) == pytest.approx(MOMENT.timestamp(), abs=0.001)
    assert db.session.scalar(sa.select(Consultation.tell_user_at)) == MOMENT


def test_partial_indexes_are_partial(context: None):
    wanted = {
        index.name
        for table in db.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["postgresql"]["where"] is not None
        # SQLAlchemy reads no index of expressions from SQLite.
        and all(isinstance(each, sa.Column) for each in index.expressions)
    }
    inspector = sa.inspect(db.engine)
    there = {
        index["name"]
        for table in db.metadata.tables
        for index in inspector.get_indexes(table)
        if index.get("dialect_options", {}).get(f"{db.engine.dialect.name}_where")
        is not None
        and not index.get("expressions")
    }

    assert wanted == there
    assert len(wanted) > 5


def test_a_source_is_counted_in_small_letters_too(
    consultation: Consultation, budi: User
):
    consultation.claim(budi)
    consultation.say(budi, "Angkanya 7.\nsumber: Kecamatan Dalam Angka")
    db.session.commit()
    figures = Figures(Period.parse("2026-03"), clock.now())

    assert figures.public()["knowledge"]["cited"] == 1
