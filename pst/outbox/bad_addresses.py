"""Addresses at which no one reads us, until their owner proves otherwise."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import PlainSelect, RowSelect, db


class BadAddress(db.Model):
    """An address that a server said does not exist; gone as soon as it is proved."""

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(sa.String(254), unique=True)
    # An enhanced code (RFC 3463), or empty.
    status: Mapped[str] = mapped_column(sa.String(12))
    since_at: Mapped[datetime]

    @classmethod
    def mark(cls, address: str, status: str) -> None:
        """Note that mails to `address` come back."""
        if cls.of(address) is None:
            row = cls(address=normal(address), status=status, since_at=clock.now())
            db.session.add(row)

    @classmethod
    def prove(cls, address: str) -> None:
        """Note that the owner of `address` reads what is mailed there."""
        db.session.execute(sa.delete(cls).where(cls.address == normal(address)))

    @classmethod
    def of(cls, address: str) -> "BadAddress | None":
        """Return what is known against `address`."""
        return _OF.first(address=normal(address))

    @classmethod
    def since(cls, address: str) -> datetime | None:
        """Return from when on mails to `address` come back."""
        row = _SINCE.first(address=normal(address))
        return row[0] if row else None

    @classmethod
    def among(cls, addresses: Iterable[str]) -> set[str]:
        """Return those of `addresses` that are marked."""
        by_normal = {normal(address): address for address in addresses}
        query = sa.select(cls.address).where(cls.address.in_(by_normal))
        return {by_normal[each] for each in db.session.scalars(query)}


_IS_ASKED = BadAddress.address == sa.bindparam("address")
_OF = RowSelect(BadAddress, where=_IS_ASKED)
_SINCE = PlainSelect(sa.select(BadAddress.since_at).where(_IS_ASKED))


def normal(address: str) -> str:
    """Return `address` as it is compared."""
    return address.strip().casefold()
