"""What an admin sets about the WebAPI, and the client that asks with it."""

from datetime import datetime
from typing import Self

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import db, reading
from pst.webapi.client import Webapi


class NotSetUp(Exception):
    """There is no key, or no domain; an admin sets them."""


class CatalogueSource(db.Model):
    """The key and the domains by which lists are fetched; there is one row."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(200))
    # Four digits each; the first is the office's own.
    domains: Mapped[list[str]]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    # When an admin last asked for a run before its night.
    wanted_at: Mapped[datetime | None]

    @classmethod
    def current(cls) -> Self | None:
        """Return the row, if an admin has set anything."""
        return db.session.get(cls, 1)

    @classmethod
    def change(cls, key: str, codes: list[str], by_id: int | None) -> None:
        """Set key and domains; an empty key leaves the one there is."""
        row = cls.current()
        if row is None:
            row = cls(id=1, key="", wanted_at=None)
            db.session.add(row)
        row.key = key or row.key
        row.domains = codes
        row.changed_at, row.changed_by_id = clock.now(), by_id


def client() -> tuple[Webapi, list[str]]:
    """Return the client and the domains that are set; raise `NotSetUp`."""
    with reading():
        source = CatalogueSource.current()
        if source is None or not source.key or not source.domains:
            raise NotSetUp
        key, codes = source.key, list(source.domains)
    return Webapi(current_app.config["PST"].webapi_url, key), codes
