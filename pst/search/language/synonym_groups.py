"""Groups of synonyms, edited by officers."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import db
from pst.office import audit
from pst.reference_lists import DATA
from pst.search.storage import node_file, store

from . import synonyms

SHIPPED = DATA / "synonyms.json"
EXPANDS = "expand_both"
# As which kind the groups are noted; documents have small numbers.
SYNONYMS = 1001


class SynonymGroup(db.Model):
    """Terms for one thing; each finds the others, or all of them the first."""

    id: Mapped[int] = mapped_column(primary_key=True)
    terms: Mapped[str] = mapped_column(sa.Text)  # one on each line
    weight: Mapped[float]
    expands: Mapped[bool]
    changed_at: Mapped[datetime | None]

    @property
    def words(self) -> list[str]:
        return self.terms.splitlines()

    def change(self, terms: list[str], weight: float, by_id: int) -> None:
        """Replace the terms and the weight; the search uses them at once."""
        self.terms, self.weight = "\n".join(terms), weight
        self.changed_at = clock.now()
        db.session.add(self)
        db.session.flush()
        audit.record("change_synonyms", f"synonyms:{self.id}", by_id)
        store.change(SYNONYMS, [self.id], synonyms.changed)

    def drop(self, by_id: int) -> None:
        """Delete the group; the search stops using it at once."""
        db.session.delete(self)
        db.session.flush()
        audit.record("drop_synonyms", f"synonyms:{self.id}", by_id)
        store.change(SYNONYMS, [self.id], synonyms.changed)


def _copy(connection: Connection, ids: Sequence[int] | None) -> None:
    """Copy the groups to where a web server keeps its index."""
    connection.exec_driver_sql("DELETE FROM synonym_group")
    rows = [
        (group.id, group.terms, group.weight, group.expands)
        for group in db.session.scalars(sa.select(SynonymGroup))
    ]
    if rows:
        insert = "INSERT INTO synonym_group VALUES (?, ?, ?, ?)"
        connection.exec_driver_sql(insert, rows)
    synonyms.changed(connection)


node_file.register(SYNONYMS, _copy)


def shipped() -> list[dict[str, Any]]:
    """Return the groups that come with the service, as rows."""
    return [
        {
            "terms": "\n".join(group["terms"]),
            "weight": group["weight"],
            "expands": group["mode"] == EXPANDS,
        }
        for group in json.loads(SHIPPED.read_text())
    ]
