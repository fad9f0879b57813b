"""What the clock does to consultations: warn, close, remind of deadlines."""

from pst import clock
from pst.accounts.users import User
from pst.consultations import duty, notices
from pst.consultations.conversation.read_marks import present_ids
from pst.consultations.models import Consultation
from pst.consultations.queries import (
    due_soon_ids,
    overdue_ids,
    silent_ids,
    to_be_told,
    unclaimed_ids,
)
from pst.consultations.service_level import deadlines
from pst.consultations.states import HoldReason
from pst.database import db, transaction
from pst.dead_letters import each
from pst.office import days_off, settings
from pst.outbox.incoming.bounces import Bounce
from pst.outbox.models import OutboxMail
from pst.web.access import Role
from pst.web.responses import link


def warn_silent() -> None:
    """Warn users who left an officer's message unanswered for 2 days (step 4)."""
    since = clock.now() - settings.current().warn_after

    def warn(id: int) -> None:
        with transaction():
            consultation = db.session.get_one(Consultation, id)
            if consultation.is_silent(since) and consultation.warned_at is None:
                consultation.warn_of_closing()

    each("warn_silent", silent_ids(since, unwarned=True), warn)


def close_silent() -> None:
    """Close what the user left unanswered for 3 days (service standard, step 4)."""
    since = clock.now() - settings.current().close_after

    def close(id: int) -> None:
        with transaction():
            consultation = db.session.get_one(Consultation, id)
            if consultation.is_silent(since):  # The user may have replied since.
                _close_or_wait(consultation)

    each("close_silent", silent_ids(since), close)


def _close_or_wait(consultation: Consultation) -> None:
    """Close it, unless the user was not reached, or not warned in time."""
    if why := notices.held_why(consultation):
        consultation.hold_closing(why)
    elif consultation.warned_at is None or consultation.closing_held:
        consultation.warn_of_closing()
    elif consultation.is_closable_by_clock:
        consultation.close(consultation.reason_of_silence)


def note_bounces() -> None:
    """Note in each conversation the mails about it that came back."""

    def note(id: int) -> None:
        with transaction():
            bounce = db.session.get_one(Bounce, id)
            bounce.noted_at = clock.now()
            consultation = notices.about_which(bounce.mail)
            if consultation and notices.held_why(consultation) is HoldReason.BOUNCED:
                consultation.hold_closing(HoldReason.BOUNCED)

    each("note_bounces", Bounce.unnoted_ids(), note)


def tell_users() -> None:
    """Mail users what officers wrote and they have not read."""
    numbers = dict(to_be_told())

    def tell(id: int) -> None:
        present = present_ids(numbers[id])
        with transaction():
            consultation = db.session.get_one(Consultation, id)
            if not consultation.is_to_be_told:
                return  # They have read it since.
            if consultation.user_id not in present:
                consultation.tell_user()

    each("tell_users", list(numbers), tell)


def warn_of_deadlines() -> None:
    """Mail the officer one day before the deadline; at breach also the head; once.

    In service hours only: no one is woken by a deadline that ended with them.
    """
    if _is_open():
        each("warn_of_deadlines", due_soon_ids(deadlines.warning_horizon()), _warn)
        each("tell_of_breaches", overdue_ids(), _tell_of_breach)


def _warn(id: int) -> None:
    with transaction():
        consultation = db.session.get_one(Consultation, id)
        turn = consultation.turn
        if turn.is_running and turn.due_warned_at is None:
            turn.due_warned_at = clock.now()
            _tell("due_soon", consultation, _responsible(consultation))


def _tell_of_breach(id: int) -> None:
    with transaction():
        consultation = db.session.get_one(Consultation, id)
        turn = consultation.turn
        if turn.is_overdue and turn.breach_told_at is None:
            turn.breach_told_at = clock.now()
            people = _responsible(consultation) + User.serving(Role.HEAD)
            _tell("overdue", consultation, people)


def warn_of_unclaimed() -> None:
    """Mail the head what is unclaimed at half its time, in service hours."""
    if _is_open():
        each("warn_of_unclaimed", unclaimed_ids(), _tell_of_unclaimed)


def _tell_of_unclaimed(id: int) -> None:
    with transaction():
        consultation = db.session.get_one(Consultation, id)
        if (
            consultation.is_queued
            and consultation.turn.half_told_at is None
            and notices.half_gone(consultation)
        ):
            notices.tell_head_unclaimed(consultation)


def send_digest() -> None:
    """Mail those on duty, at 8 and at 14, what is unclaimed and what is due today."""
    with transaction():
        slot = notices.digest_slot(clock.now())
        if slot is not None:
            notices.mail_digest(slot)


def _is_open() -> bool:
    with transaction():
        return days_off.calendar().is_open(clock.now())


def _responsible(consultation: Consultation) -> list[User]:
    """Return who must act: its officer, or those on duty if away or queued."""
    if consultation.officer is not None and duty.is_on_duty(consultation.officer):
        return [consultation.officer]
    return duty.on_duty()


def _tell(kind: str, consultation: Consultation, people: list[User]) -> None:
    for person in people:
        OutboxMail.put(
            kind,
            to=person.mailbox,
            cause=consultation.cause_of_turn(person),
            consultation=consultation,
            url=link("desk.show", number=consultation.number),
        )
