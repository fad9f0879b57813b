"""What a row of the worklist says: the last words, who waits, and for how long."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from pst import clock
from pst.accounts.users import User
from pst.consultations.desk.worklist import worklist
from pst.consultations.desk.worklist.sections import Section
from pst.consultations.desk.worklist.worklist import Worklist
from pst.consultations.duty import DutyChange
from pst.consultations.models import Consultation
from pst.database import db, transaction
from pst.demo.office import BusyOffice
from pst.office import settings
from pst.outbox.bad_addresses import BadAddress
from pst.web.formats.formatting import (
    reads_until,
    short_moment,
    span,
    time_left,
    timestamp,
)
from tests.journeys.conftest import Browser


def only_row(viewer: User, section: Section):
    (row,) = Worklist(viewer).rows(section)
    return row


def test_a_request_is_unread_until_the_officer_has_seen_it(consultation, budi, rina):
    assert only_row(budi, Section.QUEUE).is_unread

    consultation.read(budi, consultation.newest_id)
    db.session.commit()

    assert not only_row(budi, Section.QUEUE).is_unread
    assert only_row(rina, Section.QUEUE).is_unread


def test_the_last_words_and_their_writer_stand_in_the_row(consultation, budi, siti):
    row = only_row(budi, Section.QUEUE)
    assert (row.last_by, row.last_words[:14]) == (siti.name, "Saya memerluka")

    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa yang Anda perlukan? " * 9)
    consultation.note(budi, "Tanyakan ke produksi.")
    db.session.commit()

    row = only_row(budi, Section.WAITING)
    assert (row.last_by_id, row.last_kind) == (budi.id, "note")
    assert not row.is_unread
    consultation.say(siti, "x" * 500)
    db.session.commit()
    row = only_row(budi, Section.TO_ANSWER)
    assert row.is_unread and row.last_by == siti.name
    assert len(row.last_words) == 72


def test_the_row_says_since_when_mails_come_back(consultation, budi, siti, dewi, at):
    BadAddress.mark(dewi.email, "5.1.1")
    assert only_row(budi, Section.QUEUE).unreachable_at is None

    siti.email = "Siti@Contoh.test"
    BadAddress.mark("siti@contoh.test", "5.1.1")
    db.session.commit()
    assert only_row(budi, Section.QUEUE).unreachable_at == clock.now()

    # Mails go there while a new address is not proved.
    siti.reachable_at = "Lama@contoh.test"
    db.session.commit()
    assert only_row(budi, Section.QUEUE).unreachable_at is None
    BadAddress.mark("lama@contoh.test", "5.1.1")
    db.session.commit()
    assert only_row(budi, Section.QUEUE).unreachable_at == clock.now()


def test_what_a_colleague_serves_is_never_unread(consultation, budi, rina, siti):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    consultation.say(siti, "2025.")
    db.session.commit()

    assert not only_row(rina, Section.OTHERS).is_unread
    assert only_row(budi, Section.TO_ANSWER).is_unread


def test_what_is_not_shown_leaves_the_mark_of_the_list(
    consultation, budi, siti, at, monkeypatch
):
    monkeypatch.setattr(worklist, "SHOWN", 1)
    at("2026-03-02 09:20+07:00")
    second = Consultation.ask(siti, "data", "Padi", "Luas panen 2025.", key="padi")
    db.session.commit()
    before = Worklist(budi).version

    second.say(siti, "Yang dari survei.")
    db.session.commit()
    assert Worklist(budi).version == before

    consultation.say(siti, "Tahun 2025.")
    db.session.commit()
    assert Worklist(budi).version != before


def test_a_colleague_who_is_away_changes_the_mark_of_the_list(
    consultation, budi, rina, at
):
    consultation.claim(rina)
    db.session.commit()
    before = Worklist(budi).version

    today = clock.today(settings.current().zone)
    DutyChange.plan(rina, today, today, "cuti", by=rina)
    db.session.commit()

    assert Worklist(budi).version != before


def test_reading_changes_the_mark_of_the_list(consultation, budi):
    before = Worklist(budi).version

    consultation.read(budi, consultation.newest_id)
    db.session.commit()

    assert Worklist(budi).version != before


def test_a_row_says_when_silence_ends_it(consultation, budi, app):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    db.session.commit()

    closes_at = short_moment(consultation.closes_at)
    with app.test_request_context():
        html = Worklist(budi).html(Section.WAITING)

    assert f">Ditutup {closes_at}<" in html


@pytest.mark.parametrize(
    ("now", "text"),
    [
        ("2026-03-05 15:29+07:00", "Hari ini sampai 15.30"),
        ("2026-03-05 15:31+07:00", "Lewat kurang dari 1 hari kerja"),
        ("2026-03-06 08:00+07:00", "Lewat 1 hari kerja"),
        ("2026-03-08 08:00+07:00", "Lewat 1 hari kerja"),  # a Sunday
        ("2026-03-09 08:00+07:00", "Lewat 2 hari kerja"),
    ],
)
def test_lateness_is_counted_in_working_days(consultation, at, now, text):
    at(now)

    assert time_left(consultation.due_at) == text


@pytest.mark.parametrize(
    "minutes", [0, 0.9, 1, 59.5, 60, 119.9, 47 * 60 + 59, 48 * 60, 72 * 60 - 1]
)
def test_an_age_reads_alike_until_the_next_one(minutes):
    age = timedelta(minutes=minutes)

    next_age = reads_until(age)

    assert span(next_age - timedelta.resolution) == span(age) != span(next_age)


def test_the_row_of_an_absent_colleague_offers_to_take_over(consultation, budi, rina):
    consultation.claim(budi)
    db.session.commit()
    row = only_row(rina, Section.OTHERS)
    assert not Worklist(rina).reading.may_take_over(row)

    today = date(2026, 3, 2)
    DutyChange.plan(budi, today, today, "sakit", by=budi)
    db.session.commit()

    assert Worklist(rina).reading.may_take_over(row)
    assert not Worklist(budi).reading.is_away(only_row(budi, Section.TO_ANSWER))


def test_no_row_costs_a_query(app, at):
    with app.app_context(), transaction():
        BusyOffice(opened=10, closed=0).make()
    asked: list[str] = []
    with app.app_context():
        sa.event.listen(
            db.engine, "before_cursor_execute", lambda *a: asked.append(a[2])
        )
    budi = Browser(app).log_in("budi")

    def cost() -> int:
        asked.clear()
        assert budi.get("/petugas?keadaan=petugas-lain").status_code == 200
        return len(asked)

    few = cost()
    with app.app_context(), transaction():
        BusyOffice(opened=200, closed=0).make()

    assert cost() == few


def test_machines_read_moments_as_exactly_as_people_do(at):
    at("2026-03-02 09:00:07.123456+07:00")

    assert timestamp(clock.now()) == "2026-03-02T02:00+00:00"
