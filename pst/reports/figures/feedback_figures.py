"""What users thought in a period, and what was done about it.

Ratings count in the period in which they were given, follow-ups in the period in which
they were opened.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import RATEABLE, Channel
from pst.database import db
from pst.feedback import survey, survey_answers
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.follow_ups.progress import Cause, Progress
from pst.feedback.models import HIGHEST, LOWEST, Need, Rating
from pst.office import settings
from pst.reports.figures.disclosure.redaction import AUTHOR_COLUMNS, masked
from pst.reports.periods import Period, within

ROWS_SHOWN = 200
MONTHS_SHOWN = 12
R, F = Rating, FollowUp


@dataclass
class FeedbackFigures:
    """Ratings, survey and follow-ups of `period`, as they stand at `as_of`."""

    period: Period
    as_of: datetime

    @cached_property
    def ratings(self) -> dict[str, Any]:
        """How many rated, how they rated, and how many of those asked did."""
        counts: Counter[int] = Counter()
        commented = 0
        has_words = R.comment != ""
        for score, has_comment, count in db.session.execute(
            sa.select(R.score, has_words, sa.func.count())
            .where(within(self.period, R.rated_at))
            .group_by(R.score, has_words)
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
        """Of the consultations closed in the period and asked about: how many rated.

        A visitor who left no address cannot be asked.
        """
        invitations, ratings = db.session.execute(
            sa.select(sa.func.count(), sa.func.count(R.id))
            .select_from(Consultation)
            .join(User, Consultation.user_id == User.id)
            .outerjoin(R, R.consultation_id == Consultation.id)
            .where(
                within(self.period, Consultation.closed_at),
                Consultation.reason.in_(RATEABLE),
                sa.or_(
                    Consultation.channel == Channel.ONLINE,
                    User.reachable_at.is_not(None),
                ),
            )
        ).one()
        return {"asked": invitations, "response": _ratio(ratings, invitations)}

    @cached_property
    def trend(self) -> dict[str, Any]:
        """Ratings of the twelve months up to the end of the period, by month."""
        months = [Period.holding(self.period.last, 1)]
        while len(months) < MONTHS_SHOWN:
            months.insert(0, months[0].before)
        zone = settings.current().zone
        month = sa.case(*((R.rated_at < m.bounds(zone)[1], m.code) for m in months))
        sums: Counter[str] = Counter()
        counts: Counter[str] = Counter()
        for code, total, count in db.session.execute(
            sa.select(month, sa.func.sum(R.score), sa.func.count())
            .where(within(Period(months[0].first, months[-1].last), R.rated_at))
            .group_by(month)
        ):
            sums[code], counts[code] = total, count
        return {
            m.code: {
                "count": counts[m.code],
                "mean": _ratio(sums[m.code], counts[m.code]),
            }
            for m in months
        }

    @cached_property
    def needs(self) -> dict[str, int]:
        """How many users got what they needed, by their own answer to that question."""
        counts = dict(
            db.session.execute(
                sa.select(R.need, sa.func.count())
                .where(within(self.period, R.rated_at), R.need.is_not(None))
                .group_by(R.need)
            ).all()
        )
        return {need.value: counts.get(need, 0) for need in Need}

    @cached_property
    def survey(self) -> dict[str, Any]:
        """The index of PermenPANRB 14/2017 of the questionnaires of the period.

        With the size of the sample that would represent the users served in it.
        """
        bounds = self.period.bounds(settings.current().zone)
        totals, respondents = survey_answers.totals(*bounds)
        index = survey.index_of_totals(totals, respondents)
        return {
            "respondents": respondents,
            "versions": ", ".join(survey_answers.versions(*bounds)),
            "sample": survey.sample_size(self._users),
            "users": self._users,
            "value": float(index.value) if index else None,
            "grade": index.grade if index else "",
            "elements": [_element(each) for each in index.elements] if index else [],
        }

    @cached_property
    def _users(self) -> int:
        """How many different people asked in the period."""
        return (
            db.session.scalar(
                sa.select(sa.func.count(sa.distinct(Consultation.user_id))).where(
                    within(self.period, Consultation.asked_at)
                )
            )
            or 0
        )

    @cached_property
    def follow_ups(self) -> dict[str, Any]:
        """Follow-ups opened in the period: why, how far, and how soon users heard."""
        causes: Counter[Cause] = Counter()
        progress: Counter[Progress] = Counter()
        in_time = late = 0
        for cause, state, is_in, is_late, count in db.session.execute(
            sa.select(F.cause, F.progress, SENT_IN, SENT_LATE, sa.func.count())
            .where(within(self.period, F.opened_at))
            .group_by(F.cause, F.progress, SENT_IN, SENT_LATE),
            {"as_of": self.as_of},
        ):
            causes[cause] += count
            progress[state] += count
            in_time += count if is_in else 0
            late += count if is_late else 0
        return {
            "count": causes.total(),
            "cause": {each.value: causes[each] for each in Cause},
            "progress": {each.value: progress[each] for each in Progress},
            "within": in_time,
            "late": late,
            "share": _ratio(in_time, in_time + late),
            "closed": progress[Progress.CLOSED],
        }

    @cached_property
    def follow_up_list(self) -> list[dict[str, Any]]:
        """What was done about each, in the officers' words."""
        rows = db.session.execute(
            sa.select(
                F.number,
                F.cause,
                F.progress,
                F.opened_at,
                F.resolution,
                *AUTHOR_COLUMNS,
            )
            .join(Rating, F.rating_id == Rating.id)
            .join(Consultation, Rating.consultation_id == Consultation.id)
            .join(User, Consultation.user_id == User.id)
            .where(within(self.period, F.opened_at))
            .order_by(F.opened_at, F.id)
            .limit(ROWS_SHOWN)
        )
        return [
            {
                "number": row.number,
                "cause": row.cause.value,
                "progress": row.progress.value,
                "opened_at": row.opened_at.isoformat(timespec="seconds"),
                "resolution": masked(row.resolution, row),
            }
            for row in rows
        ]


AS_OF = sa.bindparam("as_of", type_=F.opened_at.type)
SENT_IN = sa.func.coalesce(F.first_sent_at <= F.first_due_at, False)
SENT_LATE = sa.or_(
    sa.func.coalesce(F.first_sent_at > F.first_due_at, False),
    sa.and_(
        F.first_sent_at.is_(None),
        F.first_due_at < sa.func.coalesce(F.closed_at, AS_OF),
    ),
)


def _element(result: survey.ElementResult) -> dict[str, Any]:
    return {
        "code": result.element.code,
        "name": result.element.name,
        "answers": result.answers,
        "mean": float(survey.rounded(result.mean)),
        "value": float(result.value),
        "grade": result.grade,
    }


def mean(counts: Counter[int]) -> float | None:
    """Return the mean score, or None without any rating."""
    return _ratio(sum(score * n for score, n in counts.items()), counts.total())


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
