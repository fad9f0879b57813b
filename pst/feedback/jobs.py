"""What the clock does about feedback: remind of the rating, warn of deadlines."""

from datetime import timedelta

from pst import clock
from pst.consultations.models import Consultation
from pst.consultations.service_level.deadlines import warning_horizon
from pst.database import db, transaction
from pst.dead_letters import each
from pst.feedback.due import due_soon_ids, overdue_ids, unrated_ids
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.reminders import RatingReminder
from pst.office import settings


def remind_of_ratings() -> None:
    """Remind a user once, three working days after closing, of the rating."""
    since = clock.now() - timedelta(days=settings.current().rating_open_days)
    each("remind_of_ratings", unrated_ids(since), _remind)


def _remind(id: int) -> None:
    with transaction():
        consultation = db.session.get_one(Consultation, id)
        if RatingReminder.is_due(consultation):
            RatingReminder.send(consultation)


def warn_of_follow_ups() -> None:
    """Mail the owner one day before the deadline; at breach also the head; once."""
    each("warn_of_follow_ups", due_soon_ids(warning_horizon()), _warn)
    each("tell_of_late_follow_ups", overdue_ids(), _tell_of_breach)


def _warn(id: int) -> None:
    with transaction():
        db.session.get_one(FollowUp, id).warn_of_deadline()


def _tell_of_breach(id: int) -> None:
    with transaction():
        db.session.get_one(FollowUp, id).tell_of_breach()
