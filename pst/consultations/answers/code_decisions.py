"""Which codes officers gave for which request, as their answers say it.

The words are not copied: they stay with the consultation, and go when it is erased.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.classifications.activities import index as activity_index
from pst.classifications.activities.examples import CodeExample
from pst.classifications.models import Classification, Code
from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.database import db
from pst.office import audit
from pst.rules import REVIEW_OF_OWN, WrongState
from pst.web.access import Role

# How an answer names a code, as it was inserted or written by hand.
NAMED = re.compile(
    r"\b(KBLI|KBJI|KBKI) ?((?:19|20)\d\d),? (?:kode )?([A-V]|\d{2,10})\b"
)
NOT_MEANT = re.compile(r"\b(?:bukan|tidak|selain)\b[^.;\n]*$", re.I)
MAX_NAMED, NEAR = 20, 40
LISTED = 100


class Review(StrEnum):
    """What a colleague made of a decision."""

    PENDING = "pending"
    KEPT = "kept"
    LEFT = "left"


class CodeDecision(db.Model):
    """A code that an officer gave in a consultation."""

    __table_args__ = (sa.UniqueConstraint("consultation_id", "code_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(sa.ForeignKey("consultation.id"))
    code_id: Mapped[int] = mapped_column(sa.ForeignKey("code.id"), index=True)
    officer_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"))
    given_at: Mapped[datetime] = mapped_column(index=True)
    review: Mapped[Review]

    consultation: Mapped[Consultation] = relationship()
    code: Mapped[Code] = relationship()
    officer: Mapped[User] = relationship()

    @property
    def words(self) -> str:
        """Return what the user described, as far as it was not erased."""
        return words_of(self.consultation)

    def can_be_reviewed_by(self, person: User) -> bool:
        """Return whether `person` may decide: a colleague, or the only officer."""
        if not person.is_officer:
            return False
        others = {each.id for each in User.serving(Role.OFFICER)} - {person.id}
        return person.id != self.officer_id or not others

    def keep(self, words: str, by: User) -> None:
        """Keep `words` as an example for the next search. Raises `WrongState`."""
        self._require_reviewer(by)
        CodeExample.add(self.code, words, by.id)
        activity_index.write(self.code)
        self._settle(Review.KEPT, by)

    def leave(self, by: User) -> None:
        """Leave it out of the examples. Raises `WrongState`."""
        self._require_reviewer(by)
        self._settle(Review.LEFT, by)

    def _require_reviewer(self, by: User) -> None:
        if self.review is not Review.PENDING:
            raise WrongState("Keputusan ini sudah ditinjau.")
        if not self.can_be_reviewed_by(by):
            raise WrongState(REVIEW_OF_OWN)

    def _settle(self, review: Review, by: User) -> None:
        self.review = review
        subject = f"code_decision:{self.id}"
        audit.record("review_code", subject, by.id, after=review.value)


def words_of(consultation: Consultation) -> str:
    """Return the activity that a consultation is about."""
    return str(consultation.details.get("activity") or consultation.subject)


def note(consultation: Consultation, answer: str, officer: User) -> None:
    """Note the codes that an answer names; each counts once in a consultation."""
    code_ids = set(
        db.session.scalars(
            sa.select(CodeDecision.code_id).filter_by(consultation_id=consultation.id)
        )
    )
    for code_id in _named_in(answer):
        if code_id not in code_ids:
            code_ids.add(code_id)
            decision = CodeDecision(
                consultation_id=consultation.id,
                code_id=code_id,
                officer_id=officer.id,
                given_at=clock.now(),
                review=Review.PENDING,
            )
            db.session.add(decision)


def _named_in(answer: str) -> Iterator[int]:
    codes: dict[tuple[str, str], None] = {}
    for match in islice(NAMED.finditer(answer), MAX_NAMED):
        if not NOT_MEANT.search(answer[: match.start()][-NEAR:]):
            codes[(f"{match[1].lower()}-{match[2]}", match[3])] = None
    for slug, code in codes:
        id = db.session.scalar(
            sa.select(Code.id)
            .join(Classification)
            .where(Classification.slug == slug, Code.code == code)
        )
        if id is not None:
            yield id


def pending() -> list[CodeDecision]:
    """Return the decisions to review, the oldest first, whose words are still there."""
    query = (
        sa.select(CodeDecision)
        .join(CodeDecision.consultation)
        .where(CodeDecision.review == Review.PENDING, ~Consultation.is_erased)
        .order_by(CodeDecision.id)
        .limit(LISTED)
    )
    return list(db.session.scalars(query))


def consultations_with_codes(
    *conditions: sa.ColumnElement[bool],
) -> list[tuple[Any, list[str]]]:
    """Return consultations about classification, with the codes that were given."""
    consultations = db.session.scalars(
        sa.select(Consultation)
        .where(
            Consultation.category == Category.CLASSIFICATION,
            ~Consultation.is_erased,
            *conditions,
        )
        .order_by(Consultation.id)
        .limit(LISTED)
    ).all()
    codes: dict[int, list[str]] = {each.id: [] for each in consultations}
    decisions = sa.select(CodeDecision).where(CodeDecision.consultation_id.in_(codes))
    for decision in db.session.scalars(decisions.order_by(CodeDecision.id)):
        codes[decision.consultation_id].append(decision.code.label)
    return [(each, codes[each.id]) for each in consultations]
