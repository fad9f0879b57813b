"""What changed, in order, for the web servers that keep an index of their own."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst.database import db


class IndexChange(db.Model):
    """The last change of one source; a writer is alone, so ids are in order."""

    __table_args__ = (sa.UniqueConstraint("kind", "source_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[int]
    source_id: Mapped[int]

    @classmethod
    def note(cls, kind: int, ids: Sequence[int]) -> None:
        """Move some sources to the end of the sequence."""
        db.session.execute(
            sa.delete(cls).where(cls.kind == kind, cls.source_id.in_(ids))
        )
        rows = [{"kind": kind, "source_id": id} for id in ids]
        db.session.execute(sa.insert(cls), rows)

    @classmethod
    def newest(cls) -> int:
        """Return the number of the last change."""
        return db.session.scalar(sa.select(sa.func.max(cls.id))) or 0

    @classmethod
    def after(cls, position: int, newest: int) -> dict[int, list[int]]:
        """Return the sources that changed since, by their kind."""
        query = (
            sa.select(cls.kind, cls.source_id)
            .where(cls.id > position, cls.id <= newest)
            .order_by(cls.id)
        )
        changes: dict[int, list[int]] = {}
        for kind, source_id in db.session.execute(query):
            changes.setdefault(kind, []).append(source_id)
        return changes
