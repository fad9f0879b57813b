"""What reports count: the rows of a period, `begin` inclusive, `end` exclusive."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, aliased

from pst.accounts.models import User
from pst.consultations.models import Consultation
from pst.database import db
from pst.feedback import survey
from pst.feedback.follow_ups import FollowUp
from pst.feedback.models import Rating, SurveyAnswer


def rating_rows(begin: datetime, end: datetime) -> Sequence[sa.Row]:
    """List the ratings first given in the period, with their consultation's facts."""
    return db.session.execute(
        sa.select(
            Rating.id,
            Rating.score,
            Rating.comment,
            Rating.need,
            Rating.via,
            Rating.rated_at,
            Rating.changed_at,
            Consultation.id.label("consultation_id"),
            Consultation.category,
            Consultation.closed_at,
            Consultation.reason,
            Consultation.officer_id,
        )
        .join(Rating.consultation)
        .where(Rating.rated_at >= begin, Rating.rated_at < end)
        .order_by(Rating.rated_at, Rating.id)
    ).all()


def survey_rows(begin: datetime, end: datetime) -> Sequence[sa.Row]:
    """List the questionnaires answered in the period: u1 to u9, and by whom."""
    return db.session.execute(
        sa.select(
            SurveyAnswer.id,
            SurveyAnswer.user_id,
            SurveyAnswer.period,
            SurveyAnswer.version,
            SurveyAnswer.answered_at,
            *survey_columns(),
        )
        .where(SurveyAnswer.answered_at >= begin, SurveyAnswer.answered_at < end)
        .order_by(SurveyAnswer.answered_at, SurveyAnswer.id)
    ).all()


def survey_totals(
    begin: datetime, end: datetime
) -> tuple[dict[str, tuple[int, int]], int]:
    """Sum the period's questionnaires for `survey.index_of_totals`, in one reading."""
    columns = survey_columns()
    sums = [sa.func.coalesce(sa.func.sum(column), 0) for column in columns]
    counts = [sa.func.count(column) for column in columns]
    row = db.session.execute(
        sa.select(sa.func.count(SurveyAnswer.id), *sums, *counts).where(
            SurveyAnswer.answered_at >= begin, SurveyAnswer.answered_at < end
        )
    ).one()
    pairs = zip(row[1 : 1 + len(columns)], row[1 + len(columns) :], strict=True)
    return {column.key: pair for column, pair in zip(columns, pairs, strict=True)}, row[
        0
    ]


def survey_columns() -> list[InstrumentedAttribute[int | None]]:
    return [getattr(SurveyAnswer, code) for code in survey.CODES]


def follow_up_rows(begin: datetime, end: datetime) -> Sequence[sa.Row]:
    """List the follow-ups opened in the period: when, how soon, what was done."""
    owner = aliased(User)
    return db.session.execute(
        sa.select(
            FollowUp.id,
            FollowUp.number,
            FollowUp.cause,
            FollowUp.progress,
            FollowUp.opened_at,
            FollowUp.first_due_at,
            FollowUp.first_sent_at,
            FollowUp.answered_at,
            FollowUp.closed_at,
            FollowUp.resolution,
            owner.name.label("owner"),
            Rating.score,
            Rating.consultation_id,
        )
        .join(FollowUp.rating)
        .outerjoin(owner, owner.id == FollowUp.owner_id)
        .where(FollowUp.opened_at >= begin, FollowUp.opened_at < end)
        .order_by(FollowUp.opened_at, FollowUp.id)
    ).all()
