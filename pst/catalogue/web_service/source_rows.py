"""The domains there are, and how the last run of each list went."""

from datetime import datetime
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.catalogue.entries import LIST_LENGTH
from pst.database import db

MAX_FAULT = 500


class CatalogueDomain(db.Model):
    """A domain as the service of the lists names it."""

    code: Mapped[str] = mapped_column(sa.String(4), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    address: Mapped[str] = mapped_column(sa.String(200))


class CatalogueRun(db.Model):
    """How the last run of one list went."""

    list_name: Mapped[str] = mapped_column(sa.String(LIST_LENGTH), primary_key=True)
    started_at: Mapped[datetime]
    # When the last run ended, well or not; None while it goes on or was broken off.
    ended_at: Mapped[datetime | None]
    # When it last ended well; what it found then.
    done_at: Mapped[datetime | None]
    items: Mapped[int]
    added: Mapped[int]
    changed: Mapped[int]
    gone: Mapped[int]
    # Rows that were no items.
    skipped: Mapped[int]
    # Why the last run did not end well, or "".
    fault: Mapped[str] = mapped_column(sa.String(MAX_FAULT))
    # A list that is far shorter than before is only taken when an admin says so.
    is_shrunk: Mapped[bool]
    may_shrink: Mapped[bool]

    @classmethod
    def begin(cls, list_name: str) -> Self:
        """Note that a list is being fetched."""
        run = db.session.get(cls, list_name)
        if run is None:
            run = cls(list_name=list_name, ended_at=None, done_at=None, fault="")
            run.items = run.added = run.changed = run.gone = run.skipped = 0
            run.is_shrunk = run.may_shrink = False
            db.session.add(run)
        if run.ended_at is not None or run.started_at is None:
            run.started_at, run.ended_at = clock.now(), None
        return run

    def end(
        self, items: int, added: int, changed: int, gone: int, skipped: int
    ) -> None:
        """Note that the list was taken over whole."""
        self.items, self.added, self.changed = items, added, changed
        self.gone, self.skipped, self.fault = gone, skipped, ""
        self.done_at = self.ended_at = clock.now()
        self.is_shrunk = self.may_shrink = False

    def confirm(self) -> None:
        """Note that the list is as it was."""
        self.done_at = self.ended_at = clock.now()
        self.added = self.changed = self.gone = 0
        self.fault = ""

    def fail(self, fault: str, is_shrunk: bool = False) -> None:
        """Note why nothing of the list was taken over."""
        self.fault, self.is_shrunk = fault[:MAX_FAULT], is_shrunk
        self.ended_at = clock.now()


class CataloguePage(db.Model):
    """A page of a list that is not complete yet, so that a run can go on later."""

    list_name: Mapped[str] = mapped_column(sa.String(LIST_LENGTH), primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True)
    pages: Mapped[int]
    total: Mapped[int | None]
    content: Mapped[dict[str, Any]]
    at: Mapped[datetime]
