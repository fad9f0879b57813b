"""When each scheduled job last ran, and how that ended: noted by the worker."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import db, transaction

log = logging.getLogger(__name__)
MOMENT = timedelta(seconds=1)


class JobRun(db.Model):
    """The last run of one job, and the last one that failed."""

    name: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(sa.Text)

    @property
    def has_failed(self) -> bool:
        """Return whether the newest run failed."""
        return self.failed_at is not None and (
            self.finished_at is None or self.failed_at >= self.finished_at
        )

    def end(self, error: str | None) -> None:
        """Note how the run that ends now went.

        A moment later than now is from a clock that was wrong: it must not count
        as the newest run until then.
        """
        now = clock.now()
        if error is None:
            self.finished_at = now
            if self.failed_at and self.failed_at >= now:
                self.failed_at = now - MOMENT
        else:
            self.failed_at, self.error = now, error[:500]
            if self.finished_at and self.finished_at > now:
                self.finished_at = now


def run(name: str, job: Callable[[], None]) -> None:
    """Run `job`, and note how that ended."""
    started_at = clock.now()
    try:
        job()
    except Exception as error:
        db.session.rollback()
        note(name, started_at, f"{type(error).__name__}: {error}")
        raise
    note(name, started_at, None)


def note(name: str, started_at: datetime, error: str | None) -> None:
    """Write down how the run of the job `name` ended; never fail because of it."""
    try:
        with transaction():
            run = db.session.get(JobRun, name) or JobRun(name=name)
            run.started_at = started_at
            run.end(error)
            db.session.add(run)
    except sa.exc.SQLAlchemyError:
        log.exception("the run of %s could not be noted", name)


def last() -> dict[str, JobRun]:
    """Return the last run of every job that ever ran, by its name."""
    return {run.name: run for run in db.session.scalars(sa.select(JobRun))}
