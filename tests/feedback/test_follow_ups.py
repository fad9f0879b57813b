"""Follow-ups: their numbers, deadlines, steps, and that they stay."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pst.consultations.models import Consultation
from pst.database import db
from pst.feedback.follow_ups.entries import Step
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.follow_ups.progress import Progress
from pst.feedback.jobs import warn_of_follow_ups
from pst.feedback.models import Rating
from pst.office import settings
from pst.outbox.models import Delivery, OutboxMail
from pst.rules import WrongState
from pst.web.access import Role
from pst.web.formats.formatting import moment


@pytest.fixture
def follow_up(closed: Consultation) -> FollowUp:
    """Opened by Siti's low rating on Monday 2 March 2026 at 11.00."""
    row = Rating.leave(closed, 1, "Tidak lengkap.").follow_up
    db.session.commit()
    assert row is not None
    return row


def mailed(kind: str) -> list[str]:
    """Return the recipients of mails of `kind`."""
    query = sa.select(OutboxMail.to_address).filter_by(kind=kind)
    return sorted(db.session.scalars(query))


def write_to_user(follow_up: FollowUp, officer, text: str = "Ini tabelnya.") -> None:
    follow_up.claim(officer)
    follow_up.write(officer, text)
    follow_up.send(officer, follow_up.draft_key)
    db.session.commit()


def test_it_is_due_on_the_third_working_day(follow_up):
    assert moment(follow_up.due_at) == "5 Maret 2026 pukul 15.30 WIB"
    assert follow_up.first_due_at == follow_up.due_at


def test_the_officer_who_served_is_told_first(follow_up):
    assert mailed("follow_up_opened") == ["budi@contoh.test"]


def test_an_officer_who_left_is_not_told(closed, budi):
    budi.active = False
    Rating.leave(closed, 1)
    db.session.commit()

    assert mailed("follow_up_opened") == ["rina@contoh.test"]


def test_a_letter_goes_once_through_the_outbox(follow_up, budi):
    write_to_user(follow_up, budi)

    entry = follow_up.entries[-1]
    assert (entry.step, entry.body) == (Step.SENT, "Ini tabelnya.")
    assert entry.mail.state is Delivery.OWED
    assert entry.mail.to_address == "siti@contoh.test"
    assert "Ini tabelnya." in entry.mail.body
    assert follow_up.progress is Progress.SENT
    assert follow_up.draft == ""


def test_nothing_is_sent_without_words(follow_up, budi):
    follow_up.claim(budi)
    follow_up.write(budi, "  ")

    with pytest.raises(WrongState, match="Tulis email"):
        follow_up.send(budi, follow_up.draft_key)


def test_the_owner_and_then_the_head_are_warned_once(follow_up, budi, at):
    follow_up.claim(budi)
    db.session.commit()
    at("2026-03-03 15:30+07:00")
    warn_of_follow_ups()
    assert not mailed("follow_up_due_soon")
    at("2026-03-04 08:00+07:00")
    for _ in range(2):
        warn_of_follow_ups()
    assert mailed("follow_up_due_soon") == ["budi@contoh.test"]

    at("2026-03-05 15:30+07:00")
    warn_of_follow_ups()
    assert not mailed("follow_up_overdue")
    at("2026-03-05 15:30:01+07:00")
    for _ in range(2):
        warn_of_follow_ups()
    assert mailed("follow_up_overdue") == ["budi@contoh.test", "hasan@contoh.test"]


def test_a_letter_stops_the_warnings(follow_up, budi, at):
    write_to_user(follow_up, budi)

    at("2026-03-09 08:00+07:00")
    warn_of_follow_ups()

    assert not follow_up.is_overdue
    assert not mailed("follow_up_overdue")


def test_the_user_s_answer_starts_the_deadline_again(follow_up, budi, at):
    write_to_user(follow_up, budi)
    at("2026-03-06 10:00+07:00")
    follow_up.answer("Masih kurang.")
    db.session.commit()

    assert follow_up.progress is Progress.ANSWERED
    assert moment(follow_up.due_at) == "11 Maret 2026 pukul 15.30 WIB"
    assert moment(follow_up.first_due_at) == "5 Maret 2026 pukul 15.30 WIB"
    assert mailed("follow_up_answered") == ["budi@contoh.test"]


def test_words_added_before_the_first_letter_put_nothing_off(follow_up, at):
    at("2026-03-05 10:00+07:00")
    follow_up.answer("Tabel 3.1 yang saya maksud.")
    db.session.commit()

    assert follow_up.due_at == follow_up.first_due_at


def test_a_changed_rating_opens_a_closed_one_again(follow_up, budi):
    write_to_user(follow_up, budi)
    follow_up.close(budi, "Tabel dikirim.")
    db.session.commit()
    Rating.leave(follow_up.consultation, 2, "Masih kurang.")
    db.session.commit()

    assert follow_up.progress is Progress.ANSWERED
    assert follow_up.closed_at is None


def test_a_rating_made_better_leaves_a_closed_one_closed(follow_up, budi):
    write_to_user(follow_up, budi)
    follow_up.close(budi, "Tabel dikirim.")
    Rating.leave(follow_up.consultation, 5, "Sekarang lengkap.")
    db.session.commit()

    assert follow_up.progress is Progress.CLOSED
    assert follow_up.entries[-1].data == {"before": 1, "after": 5}


def test_a_second_person_closes_if_so_set(follow_up, budi, rina, hasan, siti):
    settings.change({"follow_up_second_person": True})
    write_to_user(follow_up, budi)
    follow_up.close(budi, "Tabel dikirim.")

    assert follow_up.progress is Progress.TO_CONFIRM
    assert [p for p in (budi, rina, hasan, siti) if follow_up.can_be_confirmed_by(p)]
    assert not follow_up.can_be_confirmed_by(budi)
    assert not follow_up.can_be_confirmed_by(siti)
    follow_up.confirm(hasan)
    assert (follow_up.resolved_by, follow_up.closed_by) == (budi, hasan)


def test_what_is_sent_back_stands_where_it_stood(follow_up, budi, rina, at):
    settings.change({"follow_up_second_person": True})
    write_to_user(follow_up, budi)
    follow_up.close(budi, "Sudah.")
    follow_up.send_back(rina, "Apa yang sudah?")
    assert follow_up.progress is Progress.SENT

    at("2026-03-02 12:00+07:00")
    follow_up.answer("Masih kurang.")
    follow_up.close(budi, "Sudah.")
    follow_up.send_back(rina, "Pengguna belum puas.")
    assert follow_up.progress is Progress.ANSWERED


def test_another_takes_over_from_who_left(follow_up, budi, rina):
    follow_up.claim(budi)
    with pytest.raises(WrongState, match="ditangani Budi"):
        follow_up.claim(rina)

    budi.role = Role.USER
    follow_up.claim(rina)

    assert follow_up.owner == rina


def test_the_account_that_was_closed_gets_no_mail(closed, siti, budi):
    siti.active = False
    follow_up = Rating.leave(closed, 1).follow_up
    follow_up.claim(budi)
    follow_up.write(budi, "Halo")
    with pytest.raises(WrongState, match="Akun pengguna"):
        follow_up.send(budi, follow_up.draft_key)

    follow_up.close(budi, "Akun pengguna sudah ditutup.")

    assert follow_up.is_closed
    assert not mailed("low_rating")


@pytest.mark.parametrize("table", ["follow_up", "follow_up_entry"])
def test_it_is_never_deleted(follow_up, table):
    with pytest.raises(IntegrityError, match="never deleted"):
        db.session.execute(sa.text(f"DELETE FROM {table}"))


def test_a_rating_with_a_follow_up_is_not_deleted_either(follow_up):
    with pytest.raises(IntegrityError):
        db.session.execute(sa.text("DELETE FROM rating"))


def test_users_know_of_no_follow_up(follow_up, siti, budi, hasan, andi):
    for person, count in ((siti, 0), (andi, 0), (budi, 1), (hasan, 1)):
        assert len(list(db.session.scalars(FollowUp.visible_to(person)))) == count


def test_numbers_begin_again_each_year(closed, follow_up, siti, budi, at):
    at("2027-01-04 10:00+07:00")
    other = Consultation.ask(siti, closed.category, "Lain", "Lain")
    other.claim(budi)
    db.session.flush()
    other.close(closed.reason, budi)

    assert Rating.leave(other, 1).follow_up.number == "TL-2027-000001"
