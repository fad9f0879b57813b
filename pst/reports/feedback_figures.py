"""What users thought in a period, and what was done about it.

Ratings count in the period in which they were given, follow-ups in which they were
opened.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from pst.accounts.models import User
from pst.consultations.models import Consultation
from pst.database import db
from pst.feedback.follow_ups import Cause, FollowUp, Progress
from pst.feedback.models import HIGHEST, LOWEST, RATEABLE, Rating
from pst.office import settings
from pst.reports.hours import hour_of, local_hour
from pst.reports.masking import masked
from pst.reports.periods import Period

ROWS_SHOWN = 200
MONTHS_SHOWN = 12
R, F = Rating, FollowUp


@dataclass
class FeedbackFigures:
    """Ratings, comments and follow-ups of `period`, as they stand at `as_of`."""

    period: Period
    as_of: datetime

    @cached_property
    def ratings(self) -> dict[str, Any]:
        """How many rated, how they rated, and how many of those asked did."""
        counts: Counter[int] = Counter()
        commented = 0
        for score, has_comment, count in db.session.execute(
            sa.select(R.score, R.comment != "", sa.func.count())
            .where(self._within(R.rated_at))
            .group_by(R.score, R.comment != "")
        ):
            counts[score] += count
            commented += count if has_comment else 0
        total = counts.total()
        return {
            "count": total,
            "mean": mean(counts),
            "score": {str(s): counts[s] for s in range(LOWEST, HIGHEST + 1)},
            "low": sum(
                n for s, n in counts.items() if s <= settings.current().low_rating
            ),
            "commented": commented,
            **self._response,
        }

    @cached_property
    def _response(self) -> dict[str, Any]:
        """Of the consultations closed in the period and asked about: how many rated."""
        asked, rated = db.session.execute(
            sa.select(sa.func.count(), sa.func.count(R.id))
            .select_from(Consultation)
            .outerjoin(R, R.consultation_id == Consultation.id)
            .where(
                self._within(Consultation.closed_at),
                Consultation.reason.in_(RATEABLE),
            )
        ).one()
        return {"asked": asked, "response": _ratio(rated, asked)}

    @cached_property
    def trend(self) -> dict[str, Any]:
        """Ratings of the twelve months up to the end of the period, by month."""
        months = [Period.holding(self.period.last, 1)]
        while len(months) < MONTHS_SHOWN:
            months.insert(0, months[0].before)
        zone = settings.current().zone
        begin, end = months[0].bounds(zone)[0], months[-1].bounds(zone)[1]
        hour = hour_of(R.rated_at)
        sums: Counter[str] = Counter()
        counts: Counter[str] = Counter()
        for each, total, count in db.session.execute(
            sa.select(hour, sa.func.sum(R.score), sa.func.count())
            .where(R.rated_at >= begin, R.rated_at < end)
            .group_by(hour)
        ):
            month = f"{local_hour(each, zone):%Y-%m}"
            sums[month] += total
            counts[month] += count
        return {
            m.code: {
                "count": counts[m.code],
                "mean": _ratio(sums[m.code], counts[m.code]),
            }
            for m in months
        }

    @cached_property
    def comments(self) -> list[dict[str, Any]]:
        """What users wrote, lowest ratings first, without personal data."""
        rows = db.session.execute(
            sa.select(R.id, R.score, R.comment, Consultation.category, User.name)
            .join(Consultation, R.consultation_id == Consultation.id)
            .join(User, Consultation.user_id == User.id)
            .where(self._within(R.rated_at), R.comment != "")
            .order_by(R.score, R.id)
            .limit(ROWS_SHOWN)
        )
        return [
            {
                "rating": id,
                "score": score,
                "category": category.value,
                "text": masked(comment, name),
            }
            for id, score, comment, category, name in rows
        ]

    @cached_property
    def follow_ups(self) -> dict[str, Any]:
        """Follow-ups opened in the period: why, how far, and how soon users heard."""
        causes: Counter[Cause] = Counter()
        progress: Counter[Progress] = Counter()
        within = late = 0
        for cause, state, is_in, is_late, count in db.session.execute(
            sa.select(F.cause, F.progress, SENT_IN, SENT_LATE, sa.func.count())
            .where(self._within(F.opened_at))
            .group_by(F.cause, F.progress, SENT_IN, SENT_LATE),
            {"as_of": self.as_of},
        ):
            causes[cause] += count
            progress[state] += count
            within += count if is_in else 0
            late += count if is_late else 0
        return {
            "count": causes.total(),
            "cause": {each.value: causes[each] for each in Cause},
            "progress": {each.value: progress[each] for each in Progress},
            "within": within,
            "late": late,
            "share": _ratio(within, within + late),
            "closed": progress[Progress.CLOSED],
        }

    @cached_property
    def follow_up_list(self) -> list[dict[str, Any]]:
        """What was done about each, in the officers' words."""
        rows = db.session.execute(
            sa.select(
                F.number, F.cause, F.progress, F.opened_at, F.resolution, User.name
            )
            .join(Rating, F.rating_id == Rating.id)
            .join(Consultation, Rating.consultation_id == Consultation.id)
            .join(User, Consultation.user_id == User.id)
            .where(self._within(F.opened_at))
            .order_by(F.opened_at, F.id)
            .limit(ROWS_SHOWN)
        )
        return [
            {
                "number": number,
                "cause": cause.value,
                "progress": progress.value,
                "opened_at": opened_at.isoformat(timespec="seconds"),
                "resolution": masked(resolution, name),
            }
            for number, cause, progress, opened_at, resolution, name in rows
        ]

    def _within(self, moment: Any) -> sa.ColumnElement[bool]:
        begin, end = self.period.bounds(settings.current().zone)
        return sa.and_(moment >= begin, moment < end)


AS_OF = sa.bindparam("as_of", type_=F.opened_at.type)
SENT_IN = sa.func.coalesce(F.first_sent_at <= F.first_due_at, False)
SENT_LATE = sa.or_(
    sa.func.coalesce(F.first_sent_at > F.first_due_at, False),
    sa.and_(
        F.first_sent_at.is_(None),
        F.first_due_at < sa.func.coalesce(F.closed_at, AS_OF),
    ),
)


def mean(counts: Counter[int]) -> float | None:
    """Average the scores; None when nobody rated."""
    return _ratio(sum(score * n for score, n in counts.items()), counts.total())


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
