"""What a follow-up keeps: its first letter, its first deadline, where it stood."""

from datetime import timedelta

import pytest

from pst.accounts.users import User
from pst.consultations.states import Reason
from pst.database import db
from pst.feedback import due
from pst.feedback.follow_ups.notices import responsible
from pst.feedback.follow_ups.progress import Cause, Progress
from pst.feedback.jobs import warn_of_follow_ups
from pst.feedback.models import Rating
from pst.feedback.reminders import RatingReminder
from pst.office import settings
from pst.outbox.models import OutboxMail
from pst.rules import Conflict, WrongState
from pst.web.access import Role


@pytest.fixture
def follow_up(closed):
    """Opened by Siti's low rating on Monday 2 March 2026 at 11.00."""
    made = Rating.leave(closed, 1, "Tidak lengkap.").follow_up
    db.session.commit()
    return made


def send(follow_up, officer, text: str = "Ini tabelnya.") -> None:
    follow_up.claim(officer)
    follow_up.write(officer, text)
    follow_up.send(officer, follow_up.draft_key)
    db.session.commit()


def mailed(kind: str) -> list[str]:
    found = db.session.query(OutboxMail).filter_by(kind=kind)
    return sorted(mail.to_address for mail in found)


def test_a_second_letter_leaves_the_moment_of_the_first(follow_up, budi, at):
    send(follow_up, budi)
    first = follow_up.first_sent_at
    at("2026-03-04 10:00+07:00")
    send(follow_up, budi, "Dan ini yang kedua.")

    assert follow_up.first_sent_at == first
    assert follow_up.sent_at > first


def test_the_same_letter_is_sent_once(follow_up, budi):
    follow_up.claim(budi)
    follow_up.write(budi, "Ini tabelnya.")
    key = follow_up.draft_key
    one = follow_up.send(budi, key)
    assert follow_up.send(budi, key) is one
    assert mailed("follow_up") == ["siti@contoh.test"]


def test_a_text_changed_after_the_preview_is_not_sent(follow_up, budi, at):
    follow_up.claim(budi)
    follow_up.write(budi, "Ini tabelnya.")
    key = follow_up.draft_key
    at("2026-03-02 11:01+07:00")
    follow_up.write(budi, "Ini bukan tabelnya.")

    for other in (key, ""):  # an older preview, or none
        with pytest.raises(WrongState, match="berubah"):
            follow_up.send(budi, other)
    assert mailed("follow_up") == []


def test_a_text_with_a_place_to_fill_is_not_sent(follow_up, budi):
    follow_up.claim(budi)
    follow_up.write(budi, "Yth. {nama}, ini tabelnya.")

    with pytest.raises(WrongState, match="belum diisi"):
        follow_up.send(budi, follow_up.draft_key)


def test_another_officer_neither_writes_nor_sends_nor_closes(follow_up, budi, rina):
    follow_up.claim(budi)
    follow_up.write(budi, "Ini tabelnya.")
    for press in (
        lambda: follow_up.write(rina, "x"),
        lambda: follow_up.send(rina, follow_up.draft_key),
        lambda: follow_up.close(rina, "Sudah."),
        lambda: follow_up.hand_over(rina, rina),
    ):
        with pytest.raises(WrongState, match="ditangani Budi"):
            press()


@pytest.mark.parametrize("stands", ["open", "sent", "answered", "sent again"])
def test_what_is_sent_back_stands_where_it_stood(follow_up, budi, rina, at, stands):
    settings.change({"follow_up_second_person": True})
    follow_up.claim(budi)
    expected = Progress.OPEN
    if stands != "open":
        send(follow_up, budi)
        expected = Progress.SENT
    if stands in ("answered", "sent again"):
        at("2026-03-03 10:00+07:00")
        follow_up.answer("Masih kurang.")
        expected = Progress.ANSWERED
    if stands == "sent again":
        at("2026-03-03 11:00+07:00")
        send(follow_up, budi, "Sekarang lengkap.")
        expected = Progress.SENT
    if stands == "open":
        follow_up.user.active = False  # whom no letter can be sent
        follow_up.user.erased_at = follow_up.opened_at
    follow_up.close(budi, "Sudah.")
    assert follow_up.is_to_confirm

    follow_up.send_back(rina, "Belum.")

    assert follow_up.progress is expected
    assert follow_up.closed_at is None


def test_who_proposed_it_neither_confirms_nor_sends_back(follow_up, budi, siti, hasan):
    settings.change({"follow_up_second_person": True})
    send(follow_up, budi)
    with pytest.raises(WrongState, match="tidak sedang menunggu"):
        follow_up.confirm(hasan)
    follow_up.close(budi, "Sudah.")

    for press in (lambda: follow_up.confirm(budi), lambda: follow_up.confirm(siti)):
        with pytest.raises(WrongState, match="orang lain"):
            press()
    with pytest.raises(WrongState, match="orang lain"):
        follow_up.send_back(budi, "Belum.")
    follow_up.confirm(hasan)
    assert follow_up.is_closed
    assert follow_up.resolution == "Sudah."


def test_an_answer_to_what_waits_already_puts_nothing_off(follow_up, budi, at):
    send(follow_up, budi)
    at("2026-03-06 10:00+07:00")
    follow_up.answer("Masih kurang.")
    due_at = follow_up.due_at
    follow_up.due_warned_at = follow_up.answered_at
    at("2026-03-09 10:00+07:00")
    follow_up.answer("Dan yang ini juga.")

    assert follow_up.due_at == due_at
    assert follow_up.due_warned_at is not None
    assert follow_up.first_due_at < due_at


def test_a_new_deadline_is_warned_of_again(follow_up, budi, at):
    follow_up.claim(budi)
    db.session.commit()
    at("2026-03-05 09:00+07:00")
    warn_of_follow_ups()
    assert mailed("follow_up_due_soon") == ["budi@contoh.test"]
    send(follow_up, budi)
    at("2026-03-06 10:00+07:00")
    follow_up.answer("Masih kurang.")
    assert follow_up.due_warned_at is None
    db.session.commit()
    at("2026-03-11 09:00+07:00")
    warn_of_follow_ups()

    assert mailed("follow_up_due_soon") == ["budi@contoh.test"] * 2


def test_what_is_overdue_is_not_called_due_soon(follow_up, budi, at):
    at("2026-03-05 15:30+07:00")
    assert not follow_up.is_overdue
    assert due.overdue_ids() == []

    at("2026-03-05 15:30:01+07:00")
    assert follow_up.is_overdue
    assert due.due_soon_ids(follow_up.due_at) == []
    assert due.overdue_ids() == [follow_up.id]


def test_a_closed_one_is_answered_only_for_a_while(follow_up, budi, at):
    send(follow_up, budi)
    follow_up.close(budi, "Sudah.")
    db.session.commit()
    at(follow_up.answerable_until)
    assert follow_up.is_answerable

    at(follow_up.answerable_until.replace(microsecond=1))
    assert not follow_up.is_answerable
    with pytest.raises(WrongState, match="berakhir"):
        follow_up.answer("Masih kurang.")


def test_an_answer_opens_a_closed_one_again(follow_up, budi):
    send(follow_up, budi)
    follow_up.close(budi, "Sudah.")
    follow_up.answer("Masih kurang.")

    assert follow_up.progress is Progress.ANSWERED
    assert follow_up.closed_at is None
    assert follow_up.closed_by is None


def test_the_same_answer_twice_is_one(follow_up, budi):
    send(follow_up, budi)
    one = follow_up.answer("Masih kurang.", key="k")

    assert follow_up.answer("Masih kurang.", key="k") is one
    assert follow_up.answer("Yang lain.", key="k") is not one


def test_it_is_not_closed_over_words_that_were_not_read(follow_up, budi):
    send(follow_up, budi)
    db.session.expire_all()
    seen = follow_up.newest_id
    follow_up.answer("Masih kurang.")
    db.session.commit()

    with pytest.raises(Conflict):
        follow_up.close(budi, "Sudah.", seen=seen)
    follow_up.close(budi, "Sudah.", seen=follow_up.newest_id)
    assert follow_up.is_closed


def test_it_is_not_closed_before_a_letter(follow_up, budi):
    follow_up.claim(budi)

    with pytest.raises(WrongState, match="sebelum menutupnya"):
        follow_up.close(budi, "Sudah.")


def test_a_closed_one_is_no_ones_work(follow_up, budi, rina):
    send(follow_up, budi)
    assert follow_up.can_be_worked_by(budi)
    assert not follow_up.can_be_worked_by(rina)
    follow_up.close(budi, "Sudah.")

    assert not follow_up.can_be_worked_by(budi)
    assert not follow_up.can_be_claimed_by(rina)
    with pytest.raises(WrongState, match="sudah ditutup"):
        follow_up.write(budi, "x")


@pytest.mark.parametrize("name", ["siti", "hasan", "budi"])
def test_it_is_handed_to_another_officer_only(follow_up, budi, request, name):
    follow_up.claim(budi)

    with pytest.raises(WrongState, match="petugas lain"):
        follow_up.hand_over(request.getfixturevalue(name), budi)
    assert follow_up.owner is budi


def test_it_goes_to_the_next_when_its_owner_leaves(follow_up, budi, rina, siti):
    follow_up.claim(budi)
    with pytest.raises(WrongState):
        follow_up.pass_on(siti, budi)
    follow_up.pass_on(rina, budi)
    assert follow_up.owner is rina
    follow_up.pass_on(None, budi)
    assert follow_up.owner is None


def test_an_officers_follow_up_is_of_its_cause(closed, budi):
    rating = Rating.leave(closed, 5, "Bagus.")
    made = rating.open_follow_up(budi, "Perlu dilengkapi.")

    assert made.cause is Cause.OFFICER
    assert made.owner is budi
    assert mailed("feedback_noted") == ["siti@contoh.test"]
    assert mailed("follow_up_opened") == []
    assert rating.open_follow_up(budi) is made


def test_erasing_leaves_no_word_and_keeps_the_steps(follow_up, budi):
    send(follow_up, budi)
    follow_up.answer("Masih kurang.")
    follow_up.write(budi, "Tulisan yang belum dikirim")
    db.session.commit()
    steps = [(entry.step, entry.created_at) for entry in follow_up.entries]

    follow_up.rating.erase()
    db.session.commit()

    assert [(entry.step, entry.created_at) for entry in follow_up.entries] == steps
    words = {entry.body for entry in follow_up.entries}
    assert words <= {"", "(dihapus)"}
    assert (follow_up.draft, follow_up.draft_at, follow_up.resolution) == ("", None, "")
    assert follow_up.rating.comment == ""
    assert follow_up.rating.score == 1


def test_the_time_to_answer_runs_from_the_last_letter_or_the_closing(
    follow_up, budi, at
):
    days = timedelta(days=settings.current().follow_up_answer_days)
    assert follow_up.answerable_until == follow_up.opened_at + days
    at("2026-03-04 10:00+07:00")
    send(follow_up, budi)
    assert follow_up.answerable_until == follow_up.sent_at + days
    at("2026-03-06 10:00+07:00")
    follow_up.close(budi, "Sudah.")
    assert follow_up.answerable_until == follow_up.closed_at + days


def test_what_was_erased_is_not_answered(follow_up, siti):
    assert follow_up.is_answerable

    follow_up.consultation.erase(siti)

    assert not follow_up.is_answerable


def test_nothing_is_warned_of_that_the_user_has_a_letter_about(follow_up, budi):
    send(follow_up, budi)
    follow_up.warn_of_deadline()

    assert follow_up.due_warned_at is None
    assert mailed("follow_up_due_soon") == []


def test_a_breach_is_told_once(follow_up, at):
    at("2026-03-06 09:00+07:00")
    follow_up.tell_of_breach()
    first = follow_up.breach_told_at
    at("2026-03-07 09:00+07:00")
    follow_up.tell_of_breach()

    assert follow_up.breach_told_at == first


def test_names_of_files_are_erased_too(follow_up, budi):
    send(follow_up, budi)
    entry = follow_up.entries[-1]
    entry.data = {"files": ["KTP Siti.pdf"], "n": 1}

    follow_up.erase()

    assert entry.data == {"files": ["(dihapus)"], "n": 1}


def test_neither_rated_nor_reminded_ones_are_looked_for(closed):
    since = closed.closed_at
    assert due.unrated_ids(since) == [closed.id]
    assert due.unrated_ids(since + timedelta(seconds=1)) == []
    RatingReminder.send(closed)
    db.session.commit()
    assert due.unrated_ids(since) == []


def test_a_withdrawn_one_is_not_looked_for(closed):
    closed.reason = Reason.WITHDRAWN
    db.session.commit()

    assert due.unrated_ids(closed.closed_at) == []


def test_what_was_told_or_waits_for_the_user_is_not_looked_for(follow_up, budi, at):
    assert due.due_soon_ids(follow_up.due_at) == [follow_up.id]
    assert due.due_soon_ids(follow_up.due_at - timedelta(seconds=1)) == []
    at("2026-03-06 09:00+07:00")
    assert due.overdue_ids() == [follow_up.id]
    follow_up.tell_of_breach()
    db.session.commit()
    assert due.overdue_ids() == []

    at("2026-03-05 09:00+07:00")
    send(follow_up, budi)
    assert due.due_soon_ids(follow_up.due_at) == []


def test_one_who_is_no_officer_any_more_is_not_responsible(budi, rina, andi):
    assert responsible(budi, rina) == [budi]
    budi.change_role(Role.ADMIN, by=andi)
    assert responsible(budi, rina) == [rina]
    rina.deactivate(andi)

    assert set(responsible(budi, rina)) == set(User.serving(Role.OFFICER))


def test_a_rated_one_is_not_looked_for(closed):
    Rating.leave(closed, 5)
    db.session.commit()

    assert due.unrated_ids(closed.closed_at) == []
