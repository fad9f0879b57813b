"""What the last import of each list did, for the status and the admin's screen."""

from datetime import datetime
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import db
from pst.list_files.problems import BadList, Findings, Problem
from pst.office import audit

SOURCE_LENGTH = 200


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
        source: str,
        counts: dict[str, int],
        findings: Findings,
        by_id: int | None = None,
    ) -> Self:
        """Record an import that was done, in its transaction."""
        audit.record("import_list", f"list:{name}", by_id, counts=counts)
        return cls._add(name, source, by_id, True, counts, findings.notes)

    @classmethod
    def refuse(
        cls, name: str, source: str, refusal: BadList, by_id: int | None = None
    ) -> Self:
        """Record an import of which nothing was taken."""
        problems = refusal.problems[:]
        if refusal.more:
            problems.append(Problem("", f"Dan {refusal.more} masalah lain."))
        return cls._add(name, source, by_id, False, {}, problems)

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
        source: str,
        by_id: int | None,
        is_done: bool,
        counts: dict[str, int],
        remarks: list[Problem],
    ) -> Self:
        row = cls(
            name=name,
            source=source[:SOURCE_LENGTH],
            at=clock.now(),
            by_id=by_id,
            is_done=is_done,
            counts=counts,
            remarks=list(map(str, remarks)),
        )
        db.session.add(row)
        return row
