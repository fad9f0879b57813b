"""One bad item must not hold up the others: it is tried a few times, then parked.

A job that goes through many rows works on each for itself. What fails is noted, tried
again by the next runs, and after so many failures left alone until an admin has looked.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import db, is_trouble, transaction

log = logging.getLogger(__name__)
MAX_FAILURES = 5


class ParkedItem(db.Model):
    """A row with which a job failed, and how often; gone as soon as it succeeds."""

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(sa.String(80))
    item_id: Mapped[int]
    failures: Mapped[int]
    failed_at: Mapped[datetime]
    error: Mapped[str] = mapped_column(sa.Text)

    __table_args__ = (
        sa.UniqueConstraint("job", "item_id", name="uq_parked_item_job"),
        sa.CheckConstraint("failures > 0", name="failures"),
    )

    @property
    def is_parked(self) -> bool:
        """Return whether it is no longer tried."""
        return self.failures >= MAX_FAILURES


def each(job: str, ids: Iterable[int], act: Callable[[int], None]) -> None:
    """Call `act` with every id but those parked; what fails stops none of the others.

    `act` commits for itself. Raises only when the database itself is in trouble.
    """
    failures_by_id = _failures_by_id(job)
    for id in ids:
        item = failures_by_id.get(id)
        if item is not None and item >= MAX_FAILURES:
            continue
        try:
            act(id)
        except Exception as error:
            if is_trouble(error):  # no fault of this item
                raise
            db.session.rollback()
            log.exception("%s: item %s", job, id)
            _note(job, id, error)
        else:
            if item is not None:
                _forget(job, id)


def items() -> list[ParkedItem]:
    """Name what fails, the parked first."""
    order = (ParkedItem.failures.desc(), ParkedItem.failed_at.desc())
    return list(db.session.scalars(sa.select(ParkedItem).order_by(*order).limit(100)))


def _failures_by_id(job: str) -> dict[int, int]:
    query = sa.select(ParkedItem.item_id, ParkedItem.failures).filter_by(job=job)
    failures_by_id = {id: failures for id, failures in db.session.execute(query)}
    db.session.rollback()
    return failures_by_id


def _note(job: str, id: int, error: Exception) -> None:
    with transaction():
        item = db.session.scalar(sa.select(ParkedItem).filter_by(job=job, item_id=id))
        if item is None:
            item = ParkedItem(job=job, item_id=id, failures=0)
            db.session.add(item)
        item.failures += 1
        item.failed_at = clock.now()
        item.error = f"{type(error).__name__}: {error}"[:300]


def _forget(job: str, id: int) -> None:
    with transaction():
        db.session.execute(
            sa.delete(ParkedItem).where(ParkedItem.job == job, ParkedItem.item_id == id)
        )
