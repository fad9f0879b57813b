"""What the clock does to consultations: warn, close, remind of deadlines."""

from pst import clock
from pst.access import Role
from pst.accounts.models import User
from pst.consultations import deadlines
from pst.consultations.models import PENDING, Consultation, Reason
from pst.consultations.queries import due_soon_ids, overdue_ids, silent_ids
from pst.database import db, transaction
from pst.office import settings
from pst.outbox.models import OutboxMail
from pst.pages import link


def warn_silent() -> None:
    """Warn users who left an officer's message unanswered for 2 days (step 4)."""
    since = clock.now() - settings.current().warn_after
    for id in silent_ids(since, unwarned=True):
        with transaction():
            consultation = db.session.get_one(Consultation, id)
            if consultation.is_silent(since) and consultation.warned_at is None:
                consultation.warn_of_closing()


def close_silent() -> None:
    """Close what the user left unanswered for 3 days (service standard, step 4)."""
    since = clock.now() - settings.current().close_after
    for id in silent_ids(since):
        with transaction():
            consultation = db.session.get_one(Consultation, id)
            if consultation.is_silent(since):  # someone may have spoken meanwhile
                consultation.close(Reason.NO_RESPONSE)


def warn_of_deadlines() -> None:
    """Mail the officer one day before the deadline; at breach also the head; once."""
    horizon = deadlines.warning_horizon()
    for id in due_soon_ids(horizon):
        with transaction():
            consultation = db.session.get_one(Consultation, id)
            if consultation.state in PENDING and consultation.due_warned_at is None:
                consultation.due_warned_at = clock.now()
                _tell("due_soon", consultation, _responsible(consultation))
    for id in overdue_ids():
        with transaction():
            consultation = db.session.get_one(Consultation, id)
            if consultation.is_overdue() and consultation.breach_told_at is None:
                consultation.breach_told_at = clock.now()
                people = _responsible(consultation) + User.serving(Role.HEAD)
                _tell("overdue", consultation, people)


def _responsible(consultation: Consultation) -> list[User]:
    """Tell who must act: the officer, or while it is queued every officer."""
    if consultation.officer is not None:
        return [consultation.officer]
    return User.serving(Role.OFFICER)


def _tell(kind: str, consultation: Consultation, people: list[User]) -> None:
    assert consultation.due_at is not None
    for person in people:
        OutboxMail.put(
            kind,
            to=person.mailbox,
            cause=f"{consultation.number}:{consultation.due_at.isoformat()}:{person.id}",
            consultation=consultation,
            url=link("desk.show", number=consultation.number),
        )
