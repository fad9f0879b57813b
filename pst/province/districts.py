"""The offices whose figures are collected, and what each of them sent."""

from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import db
from pst.office import audit
from pst.province.contract import MonthlyFigures
from pst.rules import WrongState

MAX_DISTRICTS = 60
MAX_NAME_LENGTH, MAX_ADDRESS_LENGTH, MAX_FAULT_LENGTH = 120, 200, 300


class District(db.Model):
    """One office: where it is asked, with which token, and how that went last."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(MAX_NAME_LENGTH))
    address: Mapped[str] = mapped_column(sa.String(MAX_ADDRESS_LENGTH), unique=True)
    # As it is sent: it opens nothing but figures that are nearly public.
    token: Mapped[str] = mapped_column(sa.String(100))
    public_key: Mapped[str] = mapped_column(sa.String(60))
    added_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    # One word, and for the admin what the other side said; "" when all went well.
    fault: Mapped[str] = mapped_column(sa.String(40))
    fault_detail: Mapped[str] = mapped_column(sa.String(MAX_FAULT_LENGTH))

    @classmethod
    def put(cls, name: str, address: str, token: str, key: str, by_id: int) -> Self:
        """Add an office, or give the one at this address another name and token."""
        row = db.session.scalar(sa.select(cls).filter_by(address=address))
        if row is None:
            if len(cls.all()) >= MAX_DISTRICTS:
                raise WrongState(f"Paling banyak {MAX_DISTRICTS} kantor.")
            row = cls(address=address, added_at=clock.now(), tried_at=None)
            db.session.add(row)
        row.name, row.token, row.public_key = name, token, key
        row.fault = row.fault_detail = ""
        db.session.flush()
        audit.record("put_district", f"district:{row.id}", by_id)
        return row

    def remove(self, by_id: int) -> None:
        """Ask this office no more, and forget what it sent."""
        audit.record("remove_district", f"district:{self.id}", by_id)
        db.session.execute(sa.delete(DistrictMonth).filter_by(district_id=self.id))
        db.session.delete(self)

    def note(self, fault: str = "", detail: str = "") -> None:
        """Note how asking this office went."""
        self.tried_at = clock.now()
        self.fault, self.fault_detail = fault, detail[:MAX_FAULT_LENGTH]

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    @classmethod
    def has_any(cls) -> bool:
        """Return whether this office collects from others."""
        return db.session.scalar(sa.select(sa.exists(sa.select(cls.id)))) is True

    @classmethod
    def all(cls) -> list[Self]:
        """Return the offices by name."""
        return list(db.session.scalars(sa.select(cls).order_by(cls.name, cls.id)))


class DistrictMonth(db.Model):
    """The figures of one office for one month, as it sent them last."""

    __table_args__ = (sa.UniqueConstraint("district_id", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    district_id: Mapped[int] = mapped_column(
        sa.ForeignKey("district.id", ondelete="CASCADE")
    )
    period: Mapped[str] = mapped_column(sa.String(7))
    office: Mapped[str] = mapped_column(sa.String(200))
    figures: Mapped[dict[str, Any]]
    # When the office counted them, and when they came for the first time.
    counted_at: Mapped[datetime]
    came_at: Mapped[datetime]
    etag: Mapped[str] = mapped_column(sa.String(100))

    @classmethod
    def of(cls, district_id: int, period: str) -> Self | None:
        """Return what this office sent of a month."""
        query = sa.select(cls).filter_by(district_id=district_id, period=period)
        return db.session.scalar(query)

    @classmethod
    def keep(cls, district_id: int, document: MonthlyFigures, etag: str) -> Self:
        """Keep a document in place of the one before; the same twice is one."""
        row = cls.of(district_id, document.period)
        if row is None:
            row = cls(
                district_id=district_id, period=document.period, came_at=clock.now()
            )
            db.session.add(row)
        row.office, row.figures = document.office, document.figures
        row.counted_at, row.etag = document.counted_at, etag
        return row
