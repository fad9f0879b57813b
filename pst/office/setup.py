"""What a new installation still has to settle, step by step (*persiapan*).

It begins with the account of the first admin. A demo has nothing to settle; its admin
may take the steps all the same.
"""

from datetime import datetime
from enum import StrEnum
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import db
from pst.office import audit


class WizardStep(StrEnum):
    """What is settled, in the order it is asked for."""

    TWO_STEP = "two_step"
    OFFICE = "office"
    HOURS = "hours"
    CALENDAR = "calendar"
    PEOPLE = "people"
    MAIL = "mail"
    ARTICLES = "articles"
    SOURCES = "sources"


class SetupProgress(StrEnum):
    """How far a step has got; one that was skipped stays an open point."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


class SetupStep(db.Model):
    """One step that was begun; what is absent was never asked for."""

    name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    state: Mapped[SetupProgress]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))

    @classmethod
    def of(cls, step: WizardStep) -> Self:
        """Return the row of `step`, a new one if there is none."""
        row = db.session.get(cls, step.value)
        if row is None:
            row = cls(name=step.value, state=SetupProgress.OPEN, changed_at=clock.now())
            db.session.add(row)
        return row


def begin() -> None:
    """Open every step; those that were settled before stay settled."""
    for step in WizardStep:
        SetupStep.of(step)
    db.session.flush()


def cancel() -> None:
    """Drop all steps: the office serves as it is."""
    db.session.execute(sa.delete(SetupStep))


def settle(step: WizardStep, by_id: int) -> None:
    """Record that `step` is done."""
    _note(step, SetupProgress.DONE, by_id)


def skip(step: WizardStep, by_id: int) -> None:
    """Leave `step` for later; what is done stays done."""
    if progress().get(step) is not SetupProgress.DONE:
        _note(step, SetupProgress.SKIPPED, by_id)


def skip_rest(by_id: int) -> None:
    """End the set-up; leave all open steps for later."""
    for step in WizardStep:
        skip(step, by_id)


def progress() -> dict[WizardStep, SetupProgress]:
    """Return the progress of each step that was begun."""
    rows = {row.name: row.state for row in db.session.scalars(sa.select(SetupStep))}
    return {step: rows[step.value] for step in WizardStep if step.value in rows}


def is_owed() -> bool:
    """Return whether the set-up was begun and is not finished."""
    return SetupProgress.OPEN in progress().values()


def open_points() -> list[WizardStep]:
    """Return the steps that were begun and are not done."""
    return [s for s, state in progress().items() if state is not SetupProgress.DONE]


def _note(step: WizardStep, state: SetupProgress, by_id: int) -> None:
    row = SetupStep.of(step)
    if row.state is not state:
        audit.record("set_up", f"setup:{step.value}", by_id, state=state.value)
    row.state, row.changed_at, row.changed_by_id = state, clock.now(), by_id
    db.session.flush()
