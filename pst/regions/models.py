"""Regions, and every name that leads to one."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst.database import db
from pst.regions.names import RegionLevel

NAME_LENGTH = 100


class Region(db.Model):
    """A province, district, kecamatan or village; its code outlives its names."""

    id: Mapped[int] = mapped_column(primary_key=True)
    # As BPS writes it: 33, 3304, 3304010, 3304010001.
    bps_code: Mapped[str] = mapped_column(sa.String(10), unique=True)
    # As the Ministry of Home Affairs does: 33.04.01.2001.
    kemendagri_code: Mapped[str | None] = mapped_column(sa.String(13), index=True)
    level: Mapped[int]
    # "Kabupaten", "Kota", "Kecamatan", "Desa", "Kelurahan".
    kind: Mapped[str] = mapped_column(sa.String(20))
    name: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    parent_code: Mapped[str | None] = mapped_column(sa.String(10), index=True)
    # It was in the list once, and is no longer.
    withdrawn_at: Mapped[datetime | None]

    names: Mapped[list["RegionName"]] = relationship(
        back_populates="region", cascade="all, delete-orphan"
    )

    @property
    def title(self) -> str:
        return f"{self.kind} {self.name}"


class RegionName(db.Model):
    """A further name of a region: an old one, or the one in the other coding."""

    id: Mapped[int] = mapped_column(primary_key=True)
    region_id: Mapped[int] = mapped_column(sa.ForeignKey("region.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))

    region: Mapped[Region] = relationship(back_populates="names")


LEVEL_BY_LENGTH = {
    2: RegionLevel.PROVINCE,
    4: RegionLevel.DISTRICT,
    7: RegionLevel.SUBDISTRICT,
    10: RegionLevel.VILLAGE,
}
PARENT_LENGTH = {4: 2, 7: 4, 10: 7}


def parent_of(code: str) -> str | None:
    """Return the code of the region that holds the one with `code`."""
    length = PARENT_LENGTH.get(len(code))
    return code[:length] if length else None
