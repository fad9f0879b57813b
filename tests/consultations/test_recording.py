"""What was asked at the counter, by telephone or letter, in the same log."""

from datetime import UTC, datetime

import pytest

from pst.accounts.log_ins import LogIn
from pst.accounts.visitors import visit
from pst.admin.queries import People
from pst.consultations.conversation.conversation_index import Finder
from pst.consultations.jobs import close_silent, tell_users, warn_silent
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Channel, Reason, State
from pst.database import db
from pst.knowledge.privacy import known_of
from pst.outbox.models import OutboxMail
from pst.personal_data import erasure
from pst.personal_data.retention import keep_no_longer
from pst.reports.figures.period_figures import Figures
from pst.reports.periods import Period
from pst.web.access import Role

AN_HOUR_AGO = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def call(at, budi) -> Consultation:
    """Someone called on Monday 2 March 2026 at 08.00; Budi writes it down at 09.00."""
    visitor = visit("a-form-key", "Pak Darmo", phone="0812 0000 0000")
    consultation = Consultation.record(
        *(budi, visitor, Channel.PHONE, Category.DATA, "Harga gabah"),
        *("Berapa harga gabah?", AN_HOUR_AGO, 10),
    )
    db.session.commit()
    return consultation


def test_it_has_a_number_of_the_same_sequence(consultation, call):
    assert consultation.number == "KS-2026-000001"
    assert call.number == "KS-2026-000002"
    assert call.state is State.QUEUED
    assert call.due_at.isoformat() == "2026-03-05T08:30:00+00:00"


def test_what_was_answered_at_once_is_closed_and_timed_as_it_was(call, budi):
    said = call.note_answer(budi, "Rp6.500 per kilogram.", closes=True)
    db.session.commit()

    assert (call.state, call.reason) == (State.CLOSED, Reason.RESOLVED)
    assert said.is_final
    assert call.claimed_at == AN_HOUR_AGO
    assert call.answered_at == call.turn.ended_at == said.created_at
    assert said.created_at.isoformat() == "2026-03-02T01:10:00+00:00"
    assert not call.needs_explanation


def test_it_counts_in_the_figures_by_its_channel(consultation, call):
    volume = Figures(Period.holding(AN_HOUR_AGO.date(), 1)).volume

    assert volume["total"] == 2
    assert volume["channel"] == {
        **{"online": 1, "phone": 1},
        **{"counter": 0, "letter": 0, "whatsapp": 0},
    }


def test_it_is_found_by_word_and_by_name(call, budi):
    for words in ("gabah", "darmo", call.number):
        assert [f.consultation for f in Finder(words, budi).conversations] == [call]


def test_the_clock_closes_nothing_and_no_one_is_mailed(call, budi, at):
    call.claim(budi)
    call.say(budi, "Kami carikan dahulu.")
    assert call.state is State.ACTIVE
    call.ask_clarity(budi, "Tahun berapa?")
    db.session.commit()

    at("2026-03-20 09:00+07:00")
    for job in (tell_users, warn_silent, close_silent):
        job()

    assert call.state is State.WAITING_USER
    assert db.session.query(OutboxMail).count() == 0


def test_a_rating_is_asked_only_of_who_left_an_address(call, budi):
    call.note_answer(budi, "Rp6.500.", closes=True)
    assert db.session.query(OutboxMail).count() == 0

    visitor = visit("another-form", reachable_at="tamu@contoh.test")
    other = Consultation.record(
        *(budi, visitor, Channel.COUNTER, Category.DATA, "Inflasi", "?", AN_HOUR_AGO)
    )
    other.note_answer(budi, "0,3 persen.", closes=True)
    letter = db.session.query(OutboxMail).one()

    assert letter.to_address == "tamu@contoh.test"
    assert "/nilai/" in letter.body
    assert f"/konsultasi/{other.number}" not in letter.body


def test_a_visitor_has_no_account(call, andi):
    visitor = call.user
    assert not visitor.active
    _, token = LogIn.open(visitor, "somewhere")
    assert LogIn.with_token(token) is None
    with pytest.raises(ValueError, match="tidak memiliki akun"):
        visitor.activate(andi)


def test_a_visitor_can_be_forgotten(call, andi):
    erasure.erase(call.user, by=andi)
    db.session.commit()

    assert call.is_erased
    assert call.user.phone is None
    assert "Darmo" not in call.user.name
    assert db.session.query(OutboxMail).count() == 0


def test_an_admin_finds_a_visitor_and_does_not_list_them(call, andi):
    listed = [person.id for person in People().rows.items]
    assert call.user_id not in listed
    assert People("darmo").rows.items == [call.user]
    with pytest.raises(ValueError, match="tidak memiliki akun"):
        call.user.change_role(Role.OFFICER, andi)


def test_a_visitor_is_forgotten_in_time_without_a_mail(call, at):
    at("2030-03-02 09:00+07:00")
    keep_no_longer()
    at("2030-04-02 09:00+07:00")
    keep_no_longer()

    db.session.expire_all()
    assert call.user.is_erased
    addresses = db.session.scalars(db.select(OutboxMail.to_address))
    assert not [each for each in addresses if each.endswith("pengunjung.invalid")]


def test_no_ones_name_is_no_personal_data(at, budi):
    visitor = visit("no one")

    assert "Pengunjung" not in [text for _, text in known_of(visitor)]
