"""When a message may still be corrected: by whom, until when, and unread by whom."""

import pytest
import sqlalchemy as sa

from pst.consultations.messages import EarlierWords, Message
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Next, Reason
from pst.database import db
from pst.rules import WrongState


@pytest.fixture
def answer(consultation, budi) -> Message:
    consultation.claim(budi)
    consultation.read(budi, consultation.newest_id)
    return consultation.say(budi, "31.00 jiwa.", then=Next.DONE)


@pytest.fixture
def request_of_siti(consultation, budi, siti) -> Message:
    consultation.claim(budi)
    consultation.read(budi, consultation.newest_id)
    return consultation.say(siti, "Untuk tahun 2052.")


def test_its_author_corrects_it_for_two_minutes(consultation, answer, budi, at):
    at("2026-03-02 09:02+07:00")
    assert consultation.why_not_correctable(answer, budi) == ""

    at("2026-03-02 09:02:01+07:00")
    assert "dua menit" in consultation.why_not_correctable(answer, budi)


def test_no_one_else_corrects_it(consultation, answer, rina, siti, hasan):
    for other in (rina, siti, hasan):
        with pytest.raises(WrongState, match="pesan Anda sendiri"):
            consultation.correct(answer, other, "31.000 jiwa.")

    assert answer.body == "31.00 jiwa."


def test_only_words_that_were_said_are_corrected(consultation, answer, budi):
    note = consultation.note(budi, "Dari publikasi.")
    event = db.session.scalars(sa.select(Message).filter_by(event="claimed")).one()
    wordless = consultation.say(budi, "", then=Next.DONE)

    for entry in (note, event, wordless):
        assert "pesan Anda sendiri" in consultation.why_not_correctable(entry, budi)


def test_nothing_is_corrected_in_what_is_closed(consultation, answer, budi):
    consultation.close(Reason.RESOLVED, by=budi)

    assert "sudah ditutup" in consultation.why_not_correctable(answer, budi)


def test_the_same_words_are_no_correction(consultation, answer, budi):
    reads = consultation.reads

    consultation.correct(answer, budi, answer.body)

    assert (answer.corrected_at, consultation.reads) == (None, reads)
    assert db.session.scalars(sa.select(EarlierWords)).all() == []


def test_a_correction_is_news_for_the_other_side(consultation, answer, budi):
    reads = consultation.reads

    consultation.correct(answer, budi, "31.000 jiwa.")

    assert answer.body == "31.000 jiwa."
    assert consultation.reads == answer.correction == reads + 1


def test_an_answer_is_read_when_its_user_came_so_far(
    consultation, answer, budi, rina, siti
):
    consultation.read(rina, answer.id)
    consultation.read(siti, answer.id - 1)
    assert consultation.why_not_correctable(answer, budi) == ""

    consultation.read(siti, answer.id)
    assert "sudah dibaca" in consultation.why_not_correctable(answer, budi)


def test_what_a_user_wrote_is_read_when_anyone_of_the_office_read_it(
    consultation, request_of_siti, siti, rina
):
    assert consultation.why_not_correctable(request_of_siti, siti) == ""

    consultation.read(rina, request_of_siti.id)

    assert "sudah dibaca" in consultation.why_not_correctable(request_of_siti, siti)


def test_a_mail_about_an_answer_has_been_read_perhaps(consultation, answer, budi, siti):
    consultation.user_told_at = answer.created_at

    assert "sudah dibaca" in consultation.why_not_correctable(answer, budi)


def test_a_mail_of_before_tells_nothing_of_it(consultation, answer, budi, at):
    consultation.user_told_at = answer.created_at
    at("2026-03-02 09:01+07:00")
    later = consultation.say(budi, "Menurut sensus.")

    assert consultation.why_not_correctable(later, budi) == ""


def test_a_mail_to_the_user_says_nothing_of_their_own_words(
    consultation, request_of_siti, siti
):
    consultation.user_told_at = request_of_siti.created_at

    assert consultation.why_not_correctable(request_of_siti, siti) == ""


def test_what_was_read_elsewhere_is_not_read_here(consultation, answer, budi, siti):
    other = Consultation.ask(siti, Category.DATA, "IPM", "IPM 2025?")
    other.claim(budi)
    last = other.say(budi, "71,2.")

    other.read(siti, last.id)

    assert last.id > answer.id
    assert consultation.why_not_correctable(answer, budi) == ""
