"""The one reminder of a rating that a user gets."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.consultations.models import Consultation
from pst.database import db
from pst.feedback.models import Rating, is_asked_for, open_until
from pst.office import days_off, settings
from pst.outbox.models import OutboxMail


class RatingReminder(db.Model):
    """A note that a user was reminded, once, of rating a consultation."""

    consultation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("consultation.id"), primary_key=True
    )
    reminded_at: Mapped[datetime]

    @classmethod
    def is_due(cls, consultation: Consultation) -> bool:
        """Return whether three working days passed without a rating or a reminder."""
        closed_at = consultation.closed_at
        if closed_at is None or not is_asked_for(consultation):
            return False
        if Rating.of(consultation) or db.session.get(cls, consultation.id):
            return False
        calendar = days_off.calendar()
        day = calendar.add_workdays(
            closed_at.astimezone(calendar.zone).date(),
            settings.current().rating_reminder_workdays,
        )
        return clock.now() >= calendar.start_of_service(day)

    @classmethod
    def send(cls, consultation: Consultation) -> None:
        """Put the one reminder in the outbox, unless the user wants no such mails."""
        db.session.add(cls(consultation_id=consultation.id, reminded_at=clock.now()))
        user = consultation.user
        if user.can_be_mailed and user.wants_notices:
            OutboxMail.put(
                "rating_reminder",
                to=consultation.user.mailbox,
                cause=consultation.number,
                consultation=consultation,
                rating_url=consultation.rating_url,
                until=open_until(consultation),
                unsubscribe_url=consultation.unsubscribe_url,
            )
