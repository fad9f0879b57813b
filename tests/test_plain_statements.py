"""Plain rows are those that SQLAlchemy reads, and so are the errors."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from bench.inside import statements
from pst import clock
from pst.accounts.users import User
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.consultations.states import Category, State
from pst.database import (
    PlainSelect,
    RowInsert,
    RowSelect,
    db,
    filled_in,
    is_trouble,
    left_open,
    only_read,
)
from pst.office.hours_period import HoursPeriod

OF_STATE = (
    sa.select(
        Consultation.number,
        Consultation.state,
        Consultation.details,
        Consultation.asked_at,
        Consultation.closed_at,
        sa.func.length(Consultation.subject),
    )
    .where(
        Consultation.category == Category.DATA,
        Consultation.asked_at <= sa.bindparam("now"),
        Consultation.state == sa.bindparam("state"),
    )
    .order_by(Consultation.id)
)


@pytest.fixture
def siti(app: Flask) -> Iterator[User]:
    with app.app_context():
        siti = User.with_email("siti@contoh.test")
        assert siti is not None
        for subject in ("Jumlah penduduk", "Jumlah sekolah"):
            details = {"area": "Wanadadi"}
            consultation = Consultation.ask(
                siti, Category.DATA, subject, "Menurut umur."
            )
            consultation.details = details
        yield siti


def test_rows_are_those_that_sqlalchemy_reads(siti: User) -> None:
    plain = PlainSelect(OF_STATE)

    for state in (State.QUEUED, State.CLOSED):
        values = {"now": clock.now(), "state": state}
        rows = [tuple(row) for row in db.session.execute(OF_STATE, values)]
        assert [tuple(row) for row in plain.rows(**values)] == rows
        first = plain.first(**values)
        assert (tuple(first) if first else None) == next(iter(rows), None)

    queued = plain.rows(now=clock.now(), state=State.QUEUED)
    assert len(queued) == 2
    assert queued[0].state is State.QUEUED
    assert queued[0].asked_at.tzinfo is not None


def test_what_is_written_is_read_before_the_commit(siti: User) -> None:
    plain = PlainSelect(
        sa.select(Message.body).where(Message.kind == sa.bindparam("kind"))
    )
    made = db.session.scalars(sa.select(Consultation)).first()
    assert made is not None
    db.session.add(
        Message(
            consultation_id=made.id,
            kind=Kind.NOTE,
            author_id=siti.id,
            body="Belum tersimpan.",
            data={},
            created_at=clock.now(),
            is_final=False,
            is_flagged=False,
        )
    )

    assert [row.body for row in plain.rows(kind=Kind.NOTE)] == ["Belum tersimpan."]


def note_of(siti: User, body: str) -> dict[str, Any]:
    consultation = db.session.scalars(sa.select(Consultation)).first()
    assert consultation is not None
    return {
        "consultation_id": consultation.id,
        "kind": Kind.NOTE,
        "author_id": siti.id,
        "body": body,
        "event": None,
        "data": {"by_link": True},
        "key": None,
        "created_at": clock.now(),
        "is_final": False,
        "is_flagged": True,
        "corrected_at": None,
        "correction": None,
    }


def test_a_stored_row_is_the_one_that_is_read(siti: User) -> None:
    values = note_of(siti, "Tersimpan.")

    row = RowInsert(Message).row(**values)

    assert row in db.session and row.author is siti
    assert not db.session.dirty and not db.session.new
    db.session.expire(row)
    assert {name: getattr(row, name) for name in values} == values


def test_a_column_that_is_not_named_has_its_default(siti: User) -> None:
    day = date(2026, 7, 1)
    period = RowInsert(HoursPeriod).row(
        name="Siang", first_on=day, last_on=day, hours={}
    )
    assert period.counts is False
    db.session.expire(period)
    assert period.counts is False


def test_a_change_of_a_stored_row_is_written(siti: User) -> None:
    row = RowInsert(Message).row(**note_of(siti, "Tersimpan."))
    row.data = {"quote": 1}
    db.session.commit()

    plain = sa.text("SELECT data FROM message WHERE id = :id")
    assert "quote" in str(db.session.execute(plain, {"id": row.id}).scalar())


def test_an_id_that_was_taken_back_is_given_again(siti: User) -> None:
    inserted = RowInsert(Message)
    savepoint = db.session.begin_nested()
    first = inserted.row(**note_of(siti, "Tidak jadi."))
    id = first.id
    savepoint.rollback()

    second = inserted.row(**note_of(siti, "Jadi."))

    assert (second.id, second.body) in {(id, "Jadi."), (id + 1, "Jadi.")}
    assert db.session.get(Message, second.id) is second
    assert first not in db.session or first.id != second.id


def test_a_column_may_be_in_a_list(app: Flask, siti: User) -> None:
    wanted = (State.QUEUED, State.ACTIVE)
    listed = PlainSelect(
        sa.select(Consultation.subject, Consultation.state)
        .where(Consultation.state.in_(left_open("state", len(wanted))))
        .order_by(Consultation.id)
    )

    rows = listed.rows(**filled_in("state", wanted))

    assert [row.subject for row in rows] == ["Jumlah penduduk", "Jumlah sekolah"]
    assert {row.state for row in rows} == {State.QUEUED}
    assert not listed.rows(**filled_in("state", (State.CLOSED, State.ACTIVE)))


def test_those_who_count_statements_hear_of_it(app: Flask, siti: User) -> None:
    plain = PlainSelect(OF_STATE)
    with statements(app) as asked:
        plain.rows(now=clock.now(), state=State.QUEUED)

    assert sum("FROM consultation" in text for text, _ in asked) == 1


def test_a_value_that_is_left_out_is_missed(siti: User) -> None:
    with pytest.raises(KeyError, match="state"):
        PlainSelect(OF_STATE).rows(now=clock.now())


def test_trouble_of_the_database_is_known_as_such(app: Flask) -> None:
    away = sa.table("away", sa.column("id"))
    with app.app_context():
        only_read()
        with pytest.raises(sa.exc.DBAPIError) as plain:
            PlainSelect(sa.select(away.c.id)).rows()
        db.session.rollback()
        with pytest.raises(sa.exc.DBAPIError) as usual:
            db.session.execute(sa.select(away.c.id))

        assert type(plain.value) is type(usual.value)
        assert is_trouble(plain.value) == is_trouble(usual.value)
        assert str(plain.value.orig) == str(usual.value.orig)


NUMBERED = RowSelect(
    Consultation,
    "turn",
    "officer",
    "user",
    where=Consultation.number == sa.bindparam("number"),
)


def columns(row: db.Model) -> dict[str, object]:  # type: ignore[name-defined]
    names = sa.inspect(row).mapper.column_attrs.keys()
    return {name: getattr(row, name) for name in names}


def test_a_row_is_the_one_that_the_session_reads(siti: User) -> None:
    db.session.commit()
    usual = db.session.scalars(sa.select(Consultation)).first()
    assert usual is not None
    number, rows = usual.number, (usual, usual.turn, usual.user)
    wanted = [columns(each) for each in rows]
    db.session.remove()

    plain = NUMBERED.first(number=number)

    assert plain is not None and plain.officer is None
    assert [columns(each) for each in (plain, plain.turn, plain.user)] == wanted
    assert db.session.get(Consultation, plain.id) is plain
    assert [turn.number for turn in plain.turns] == [1], "what it relates to is read"
    assert NUMBERED.first(number="KS-2026-999999") is None


def test_what_is_changed_stays_and_what_is_outdated_is_read_again(siti: User) -> None:
    db.session.commit()
    made = db.session.scalars(sa.select(Consultation)).first()
    assert made is not None
    number = made.number
    with db.session.no_autoflush:
        made.subject = "Belum disimpan"
    assert NUMBERED.first(number=number) is made
    assert made.subject == "Belum disimpan"

    db.session.rollback()
    assert NUMBERED.first(number=number) is made
    assert not sa.inspect(made).expired
    assert made.subject == "Jumlah penduduk"


def test_a_row_that_was_read_plainly_can_be_written(siti: User) -> None:
    db.session.commit()
    db.session.remove()
    for subject in ("Satu", "Dua"):
        row = NUMBERED.first(number="KS-2026-000001")
        assert row is not None
        row.subject = subject
        db.session.commit()
        assert row.subject == subject
