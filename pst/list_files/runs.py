"""What the last import of each list did, for the status and the admin's screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import db, transaction
from pst.list_files.problems import BadList, Findings, Problem
from pst.office import audit

SOURCE_LENGTH = 200
MAX_ATTEMPTS = 3


@dataclass(frozen=True)
class ListSource:
    """Where a list comes from, and who brought it in."""

    name: str
    by_id: int | None = None
    issued_on: date | None = None
    is_example: bool = False


class ListImport(db.Model):
    """One import of one list (`name`, as in "kbli-2025"), done or refused."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(60), index=True)
    source: Mapped[str] = mapped_column(sa.String(SOURCE_LENGTH))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    is_done: Mapped[bool]
    # How many rows were made, changed, withdrawn and so on; empty when refused.
    counts: Mapped[dict[str, Any]]
    # Lines with their reasons: why it was refused, or what was read otherwise.
    remarks: Mapped[list[str]]

    @classmethod
    def keep(
        cls,
        name: str,
        source: ListSource,
        counts: dict[str, int],
        findings: Findings,
    ) -> None:
        """Record an import that was done, in its transaction."""
        audit.record("import_list", f"list:{name}", source.by_id, counts=counts)
        cls._add(name, source, True, counts, findings.notes)

    @classmethod
    @contextmanager
    def keeping_refusals(cls, name: str, source: ListSource) -> Iterator[None]:
        """Record an import of which nothing is taken; `BadList` passes on."""
        try:
            yield
        except BadList as refusal:
            problems = refusal.problems[:]
            if refusal.more:
                problems.append(Problem("", f"Dan {refusal.more} masalah lain."))
            with transaction():
                cls._add(name, source, False, {}, problems)
            raise

    @classmethod
    def last(cls) -> dict[str, Self]:
        """Return the newest import of each list, by its name."""
        newest = sa.select(sa.func.max(cls.id)).group_by(cls.name)
        rows = db.session.scalars(sa.select(cls).where(cls.id.in_(newest)))
        return {row.name: row for row in rows}

    @classmethod
    def _add(
        cls,
        name: str,
        source: ListSource,
        is_done: bool,
        counts: dict[str, int],
        remarks: list[Problem],
    ) -> None:
        row = cls(
            name=name,
            source=source.name[:SOURCE_LENGTH],
            at=clock.now(),
            by_id=source.by_id,
            is_done=is_done,
            counts=counts,
            remarks=list(map(str, remarks)),
        )
        db.session.add(row)


class ListWish(db.Model):
    """A list that an admin asked to be fetched; the timetable looks every minute."""

    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    # A run that is broken off is begun again, but not for ever.
    attempts: Mapped[int]

    @classmethod
    def make(cls, name: str, by_id: int | None) -> None:
        """Ask for a list; asking twice is asking once."""
        if db.session.get(cls, name) is None:
            db.session.add(cls(name=name, at=clock.now(), by_id=by_id, attempts=0))

    @classmethod
    def take(cls) -> tuple[str, int | None] | None:
        """Return the oldest wish, with who has it, counting the attempt."""
        wish = db.session.scalar(sa.select(cls).order_by(cls.at).limit(1))
        if wish is None:
            return None
        wish.attempts += 1
        if wish.attempts > MAX_ATTEMPTS:
            db.session.delete(wish)
            return None
        return wish.name, wish.by_id

    @classmethod
    def settle(cls, name: str) -> None:
        """Drop a wish that was fulfilled or refused."""
        db.session.execute(sa.delete(cls).where(cls.name == name))

    @classmethod
    def names(cls) -> set[str]:
        return set(db.session.scalars(sa.select(cls.name)))
