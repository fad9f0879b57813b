"""How a consultation ends, what is asked after it, and what of it is kept."""

import pytest
import sqlalchemy as sa

from pst import clock
from pst.consultations.conversation.excerpts import excerpt_of
from pst.consultations.messages import ERASED, Event, Message
from pst.consultations.models import Consultation
from pst.consultations.service_level.turns import End
from pst.consultations.states import Category, Next, Reason, State
from pst.consultations.verbs.ending import UnpublishedData
from pst.consultations.verbs.waiting import closing_moment
from pst.database import db
from pst.office.audit import AuditEntry
from tests.owed import mails


def other_of(user) -> Consultation:
    return Consultation.ask(user, Category.DATA, "Lain", "Lain.")


@pytest.mark.parametrize(
    ("how", "is_rated"),
    [
        ("answered", True),
        ("by its user", True),
        ("silent", True),
        ("duplicate", False),
        ("withdrawn", False),
    ],
)
def test_what_the_office_served_is_rated_and_nothing_else(
    mine, budi, siti, how, is_rated
):
    if how == "withdrawn":
        mine.release(budi)
        mine.withdraw(siti)
    elif how == "duplicate":
        mine.close(Reason.DUPLICATE, by=budi, same_as=other_of(siti))
    elif how == "silent":
        mine.ask_clarity(budi, "Wilayah mana?")
        mine.close(Reason.NO_RESPONSE)
    else:
        mine.say(budi, "31.000 jiwa.")
        mine.close(Reason.RESOLVED, by=siti if how == "by its user" else budi)

    assert not mine.is_open
    assert mine.is_rateable is is_rated


@pytest.mark.parametrize(
    ("how", "end"),
    [
        ("officer", End.UNANSWERED),
        ("user", End.WITHDRAWN),
        ("clock", End.SILENT),
        ("clock, answered", End.UNANSWERED),
        ("duplicate", End.DUPLICATE),
        ("withdrawn", End.WITHDRAWN),
        ("erased", End.WITHDRAWN),
    ],
)
def test_what_was_owed_ends_as_it_was_closed(mine, budi, siti, how, end):
    if how == "withdrawn":
        mine.release(budi)
        mine.withdraw(siti)
    elif how == "erased":
        mine.erase(None)
    elif how == "duplicate":
        mine.close(Reason.DUPLICATE, by=budi, same_as=other_of(siti))
    elif how == "clock":
        mine.close(Reason.NO_RESPONSE)
    elif how == "clock, answered":
        mine.close(Reason.RESOLVED)
    else:
        mine.close(Reason.RESOLVED, by=siti if how == "user" else budi)

    assert (mine.turn.end, mine.turn.ended_at) == (end, clock.now())


def test_what_is_not_published_is_counted_also_when_nothing_is_near(mine, budi):
    mine.close(
        Reason.RESOLVED,
        by=budi,
        why="Belum ada.",
        lacking=UnpublishedData(nearest_id=None),
    )

    event = db.session.scalars(sa.select(Message).filter_by(event="resolved")).one()
    assert event.data == {"unavailable": True, "nearest": None}
    assert event.body == "Belum ada."


def test_a_double_names_the_other_one_and_an_answer_none(mine, budi, siti):
    other = other_of(siti)
    mine.close(Reason.DUPLICATE, by=budi, same_as=other)
    event = db.session.scalars(sa.select(Message).filter_by(event="duplicate")).one()
    assert event.data == {"same_as": other.number}
    assert other.duplicate_numbers == [mine.number]
    [mail] = mails("closed_duplicate")
    assert other.number in mail.body

    mine.say(siti, "Bukan yang itu.")
    assert mine.duplicate_of is None
    assert mine.reason is mine.closed_at is None
    assert other.duplicate_numbers == []


def test_only_one_that_is_open_may_go_on_to_be_the_same(mine, budi, siti):
    goes_on, served, double, taken_back = (other_of(siti) for _ in range(4))
    served.claim(budi)
    served.close(Reason.RESOLVED, by=budi)
    double.claim(budi)
    double.close(Reason.DUPLICATE, by=budi, same_as=goes_on)
    taken_back.withdraw(siti)

    asked = (goes_on, served, double, taken_back, mine, None)
    assert [mine.can_be_a_duplicate_of(each) for each in asked] == [True] * 2 + [
        False
    ] * 4


def test_erasing_ends_what_is_open_and_takes_its_words(mine, budi, siti, andi):
    mine.details = {"area": "Wanadadi"}
    mine.note_silastik(budi, "S-12")
    answer = mine.say(budi, "31.000 jiwa.", then=Next.DONE)
    mine.mark(answer, budi, final=True, flagged=True)
    wordless = mine.say(siti, "")
    mine.erase(andi)

    assert (mine.state, mine.reason) == (State.CLOSED, Reason.WITHDRAWN)
    assert (mine.subject, mine.description, mine.details) == (ERASED, "", {})
    assert (mine.silastik_number, mine.tell_user_at) == (None, None)
    assert mine.waiting_since is None
    assert (answer.body, answer.is_marked, wordless.body) == (ERASED, False, "")
    acts = db.session.scalars(sa.select(AuditEntry).filter_by(action="erase")).one()
    assert acts.actor_id == andi.id


def test_what_is_over_stays_as_it_ended_when_it_is_erased(mine, budi):
    mine.say(budi, "31.000 jiwa.")
    mine.close(Reason.RESOLVED, by=budi)
    closed_at = mine.closed_at
    mine.erase(None)

    assert (mine.reason, mine.closed_at) == (Reason.RESOLVED, closed_at)
    events = [each.event for each in mine.messages]
    assert Event.WITHDRAWN not in events


def test_only_a_request_without_its_words_was_erased(mine):
    mine.subject = ERASED
    assert not mine.is_erased
    mine.subject, mine.description = "IPM", ""
    assert not mine.is_erased


def test_each_move_stands_in_the_trail_with_what_it_was_before(mine, budi, siti):
    mine.say(budi, "Tahun berapa?")
    mine.say(siti, "2025.")
    mine.release(budi)
    mine.withdraw(siti)

    acts = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
    moves = [
        (a.action, a.actor_id, a.detail) for a in acts if a.subject == subject(mine)
    ]
    assert moves == [
        ("claimed", budi.id, {"before": "queued", "after": "active"}),
        ("answer", budi.id, {"state": "waiting_user"}),
        ("reply", siti.id, {}),
        ("released", budi.id, {"before": "active", "after": "queued"}),
        ("withdrawn", siti.id, {"before": "queued", "after": "closed"}),
    ]


def subject(consultation: Consultation) -> str:
    return f"consultation:{consultation.number}"


def test_a_note_moves_the_desk_on_and_not_the_users_page(mine, budi):
    event_id = mine.newest_id
    assert mine.newest_shown_id == event_id
    note = mine.note(budi, "Catatan.")

    assert (mine.newest_id, mine.newest_shown_id) == (note.id, event_id)


def test_a_reply_within_the_hour_of_seven_days_reopens_also_what_was_silent(
    mine, budi, siti, at
):
    mine.ask_clarity(budi, "Wilayah mana?")
    mine.close(Reason.NO_RESPONSE)
    at("2026-03-09 09:00+07:00")
    assert mine.can_be_reopened and mine.can_be_written_by_user
    at("2026-03-09 09:00:01+07:00")
    assert not mine.can_be_reopened
    assert not mine.can_be_written_by_user


def test_the_second_reopening_counts_from_its_own_time(mine, budi, hasan, at):
    for day in (3, 4):
        at(f"2026-03-0{day} 09:00+07:00")
        mine.say(budi, "31.000 jiwa.")
        mine.close(Reason.RESOLVED, by=budi)
        mine.reopen(hasan)

        assert mine.reopened_at == clock.now()


def test_who_waited_before_there_were_turns_was_asked(mine, budi):
    """A database of before has rows that wait for their user and are owed."""
    assert not mine.is_asking_user
    mine.state = State.WAITING_USER

    assert mine.is_asking_user
    assert mine.reason_of_silence is Reason.NO_RESPONSE


def test_the_moment_of_the_end_is_three_days_later_and_a_day_after_a_warning(
    mine, budi, at
):
    at("2026-03-02 09:00+07:00")
    mine.say(budi, "Tahun berapa?")
    since = mine.waiting_since
    assert since is not None
    at("2026-03-04 09:00+07:00")
    in_time = closing_moment(since, None)
    assert in_time == since.replace(day=5)
    at("2026-03-09 09:00+07:00")
    assert closing_moment(since, None) == since.replace(day=10)


def test_an_open_question_is_quoted_and_an_answer_that_is_not_final_is_not(mine, budi):
    question = mine.ask_clarity(budi, "Wilayah mana?")
    assert mine.excerpt_of(question) == excerpt_of(question, mine.user) != ""
    assert mine.excerpt_of(None) == ""
    mine.mark_clear(budi)

    assert mine.excerpt_of(question) == ""
