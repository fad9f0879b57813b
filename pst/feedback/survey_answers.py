"""What users answered to the questionnaire, once in a period."""

from datetime import datetime
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.database import db
from pst.feedback import survey
from pst.feedback.models import Rating
from pst.office import audit, settings
from pst.rules import WrongState


class SurveyAnswer(db.Model):
    """One user's answers to the questionnaire of PermenPANRB 14/2017, in one period.

    An element that was switched off is None.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    # It was offered after the rating of this consultation.
    consultation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("consultation.id"), index=True
    )
    period: Mapped[str] = mapped_column(sa.String(10))
    version: Mapped[str] = mapped_column(sa.String(20))
    answered_at: Mapped[datetime] = mapped_column(index=True)
    u1: Mapped[int | None]
    u2: Mapped[int | None]
    u3: Mapped[int | None]
    u4: Mapped[int | None]
    u5: Mapped[int | None]
    u6: Mapped[int | None]
    u7: Mapped[int | None]
    u8: Mapped[int | None]
    u9: Mapped[int | None]

    user: Mapped[User] = relationship()
    consultation: Mapped[Consultation] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("user_id", "period"),
        *(
            sa.CheckConstraint(f"{code} BETWEEN 1 AND 4", name=code)
            for code in survey.CODES
        ),
    )

    @classmethod
    def give(cls, rating: Rating, scores: dict[str, int]) -> Self:
        """Store the answers offered after `rating`.

        Raise `WrongState` when the user has answered in this period already.
        """
        consultation = rating.consultation
        period = period_of(rating)
        if cls.of(consultation.user_id, period) is not None:
            raise WrongState("Survei untuk periode ini sudah Anda isi. Terima kasih.")
        answer = cls(
            user_id=consultation.user_id,
            consultation_id=consultation.id,
            period=period,
            version=survey.VERSION,
            answered_at=clock.now(),
            **{code: scores.get(code) for code in survey.CODES},
        )
        db.session.add(answer)
        audit.record(
            "answer_survey",
            consultation.audit_subject,
            consultation.user_id,
            period=period,
        )
        return answer

    @property
    def scores(self) -> dict[str, int | None]:
        """The answers by element."""
        return {code: getattr(self, code) for code in survey.CODES}

    @classmethod
    def of(cls, user_id: int, period: str) -> Self | None:
        return db.session.scalar(
            sa.select(cls).filter_by(user_id=user_id, period=period)
        )


def period_of(rating: Rating) -> str:
    """Return the survey's period in which `rating` was given, as `2026-S1`."""
    office = settings.current()
    day = rating.rated_at.astimezone(office.zone).date()
    return survey.period_of(day, office.survey_period)


def totals(begin: datetime, end: datetime) -> tuple[dict[str, tuple[int, int]], int]:
    """Sum the questionnaires answered from `begin` until before `end`.

    Return each element's sum of scores and number of answers, and how many users
    answered: the arguments of `survey.index_of_totals`.
    """
    columns = [getattr(SurveyAnswer, code) for code in survey.CODES]
    sums = [sa.func.coalesce(sa.func.sum(column), 0) for column in columns]
    counts = [sa.func.count(column) for column in columns]
    respondents, *numbers = db.session.execute(
        sa.select(sa.func.count(), *sums, *counts).where(
            SurveyAnswer.answered_at >= begin, SurveyAnswer.answered_at < end
        )
    ).one()
    n = len(columns)
    pairs = zip(numbers[:n], numbers[n:], strict=True)
    return dict(zip(survey.CODES, pairs, strict=True)), respondents


def versions(begin: datetime, end: datetime) -> list[str]:
    """List the versions of the questionnaire that were answered in that time."""
    return list(
        db.session.scalars(
            sa.select(SurveyAnswer.version)
            .where(SurveyAnswer.answered_at >= begin, SurveyAnswer.answered_at < end)
            .distinct()
            .order_by(SurveyAnswer.version)
        )
    )
