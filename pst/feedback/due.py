"""What the jobs look for: ratings to remind of, follow-ups near their deadline."""

from datetime import datetime

import sqlalchemy as sa

from pst import clock
from pst.consultations.models import Consultation
from pst.consultations.states import RATEABLE
from pst.database import db
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.follow_ups.progress import OWING
from pst.feedback.models import Rating
from pst.feedback.reminders import RatingReminder


def unrated_ids(since: datetime) -> list[int]:
    """List consultations closed after `since` that were neither rated nor reminded."""
    query = (
        sa.select(Consultation.id)
        .outerjoin(Rating, Rating.consultation_id == Consultation.id)
        .outerjoin(RatingReminder, RatingReminder.consultation_id == Consultation.id)
        .where(
            Consultation.closed_at >= since,
            Consultation.reason.in_(RATEABLE),
            Rating.id.is_(None),
            RatingReminder.consultation_id.is_(None),
        )
        .order_by(Consultation.closed_at)
    )
    return _ids(query)


def due_soon_ids(horizon: datetime) -> list[int]:
    """List follow-ups due before `horizon` whose owner was not warned."""
    return _ids(
        sa.select(FollowUp.id).where(
            FollowUp.progress.in_(OWING),
            FollowUp.due_at <= horizon,
            FollowUp.due_at >= clock.now(),
            FollowUp.due_warned_at.is_(None),
        )
    )


def overdue_ids() -> list[int]:
    """List follow-ups past their deadline that were not mailed about."""
    return _ids(
        sa.select(FollowUp.id).where(
            FollowUp.progress.in_(OWING),
            FollowUp.due_at < clock.now(),
            FollowUp.breach_told_at.is_(None),
        )
    )


def _ids(query: sa.Select[int]) -> list[int]:
    ids = list(db.session.scalars(query))
    db.session.rollback()
    return ids
