"""What is done once though asked for twice, and what a step leaves behind or clears."""

from datetime import timedelta

import pytest

from pst import clock
from pst.consultations import jobs
from pst.consultations.conversation.read_marks import ReadMark
from pst.consultations.models import Consultation
from pst.consultations.queries import silent_ids
from pst.consultations.service_level.clarity import ClearedBy
from pst.consultations.service_level.turns import End
from pst.consultations.states import Category, Channel, Next, Reason, State
from pst.database import db
from pst.web.formats.formatting import moment


def test_one_who_asked_by_telephone_is_not_waited_for_by_the_clock(budi, siti, at):
    call = Consultation.record(
        *(budi, siti, Channel.PHONE, Category.DATA, "Harga gabah", "?", clock.now())
    )
    call.claim(budi)
    call.ask_clarity(budi, "Gabah kering panen?")
    db.session.commit()
    assert call.state is State.WAITING_USER

    at("2026-03-12 09:00+07:00")
    assert silent_ids(clock.now()) == []
    jobs.warn_silent()
    jobs.close_silent()
    assert call.is_open


def test_who_replies_by_the_link_of_a_mail_needs_no_mail_and_has_read_nothing(
    mine, budi, siti
):
    answer = mine.say(budi, "Tahun berapa?")
    reply = mine.say(siti, "2025.", by_link=True, quoted=answer.id)

    assert mine.tell_user_at is None
    assert reply.data["by_link"] and reply.data["quote"]["text"] == "Tahun berapa?"
    mark = db.session.get(ReadMark, (mine.id, siti.id))
    assert mark is None or mark.message_id < answer.id


def test_reading_it_again_changes_nothing(mine, budi, siti, at):
    answer = mine.say(budi, "31.000 jiwa.")
    mine.read(siti, answer.id)
    db.session.flush()
    reads, read_at = mine.reads, clock.now()
    at("2026-03-02 14:00+07:00")
    mine.read(siti, answer.id)

    mark = db.session.get_one(ReadMark, (mine.id, siti.id))
    assert (mine.reads, mark.read_at) == (reads, read_at)


def test_an_answer_to_an_unclear_request_is_judged_by_the_time_that_was_left(
    mine, budi, at
):
    clear_at = mine.clear_at
    mine.ask_clarity(budi, "Wilayah mana?")
    assert mine.clear_at is None
    at("2026-03-02 10:00+07:00")
    mine.say(budi, "Sudah kami temukan: 31.000 jiwa.")

    turn = mine.turn
    assert turn.is_answered
    assert turn.clear_at == clear_at
    assert moment(turn.due_at) == "6 Maret 2026 pukul 09.00 WIB"  # an hour it stood
    assert turn.clarities[0].ended_by is ClearedBy.OFFICER
    assert turn.question is None


def test_interim_words_leave_a_question_to_the_user_waiting(mine, budi):
    mine.ask_clarity(budi, "Wilayah mana?")
    mine.say(budi, "Sementara itu kami cari tabelnya.", then=Next.OFFICER)

    assert mine.state is State.WAITING_USER
    assert mine.is_asking_user
    assert mine.waiting_since is not None


def test_interim_words_without_a_question_leave_it_to_the_officer(mine, budi):
    mine.say(budi, "Kami cari tabelnya.", then=Next.OFFICER)

    assert mine.state is State.ACTIVE
    assert mine.waiting_since is None


def test_a_question_taken_back_after_a_reply_is_the_officers_to_answer(
    mine, budi, siti
):
    mine.say(budi, "Tahun berapa?")
    mine.say(siti, "2025.")
    mine.ask_clarity(budi, "Wilayah mana?")
    mine.undo_clock(budi)

    assert mine.state is State.ACTIVE
    assert not mine.is_asking_user


def test_a_second_question_taken_back_after_a_release_is_the_officers_to_answer(
    mine, budi, rina
):
    mine.ask_clarity(budi, "Tahun berapa?")
    mine.release(budi)
    assert mine.waiting_since is None
    mine.claim(rina)
    mine.ask_clarity(rina, "Wilayah mana?")
    mine.undo_clock(rina)

    assert mine.state is State.ACTIVE


def test_thanks_for_a_question_end_it_as_answered(mine, budi, siti):
    mine.say(budi, "31.000 jiwa. Apakah cukup?", then=Next.USER)
    assert mine.turn.end is End.ASKED
    assert mine.reason_of_silence is Reason.NO_RESPONSE
    mine.say(siti, "Terima kasih banyak.")

    assert mine.turn.end is End.ANSWERED
    assert mine.reason_of_silence is Reason.RESOLVED


@pytest.mark.parametrize(("words", "reopens"), [("Baik", True), ("Makasih", False)])
def test_baik_to_a_question_that_was_closed_unanswered_is_a_reply(
    mine, budi, siti, words, reopens
):
    mine.ask_clarity(budi, "Menurut desa?")
    mine.close(Reason.NO_RESPONSE)

    mine.say(siti, words)

    assert mine.is_open is reopens


def test_a_letter_answered_later_waited_in_the_queue_until_then(budi, siti, at):
    asked_at = clock.now() - timedelta(hours=3)
    answered_at = clock.now() - timedelta(hours=1)
    letter = Consultation.record(
        *(budi, siti, Channel.LETTER, Category.DATA, "Inflasi", "?", asked_at)
    )
    letter.note_answer(budi, "0,3 persen.", answered_at, closes=True)

    assert letter.claimed_at == answered_at
    assert letter.answered_at == answered_at


def test_one_who_asked_at_the_counter_did_not_wait(budi, siti, at):
    asked_at = clock.now() - timedelta(hours=3)
    visit = Consultation.record(
        *(budi, siti, Channel.COUNTER, Category.DATA, "Inflasi", "?", asked_at, 10)
    )
    visit.note_answer(budi, "0,3 persen.", closes=True)

    assert visit.claimed_at == asked_at
    assert visit.answered_at == asked_at + timedelta(minutes=10)
