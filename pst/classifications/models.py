"""Editions of classifications, their codes, and which code became which."""

from datetime import date, datetime
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst.classifications.families import FAMILIES, Family
from pst.database import db

CODE_LENGTH, TITLE_LENGTH, TEXT_LENGTH = 12, 300, 20_000


class Classification(db.Model):
    """One edition of a classification, such as KBLI 2025."""

    id: Mapped[int] = mapped_column(primary_key=True)
    # Also its address: "kbli-2025".
    slug: Mapped[str] = mapped_column(sa.String(20), unique=True)
    family_name: Mapped[str] = mapped_column(sa.String(10))
    year: Mapped[int]
    source: Mapped[str] = mapped_column(sa.String(200))
    # When its publisher issued the list, where that is known.
    issued_on: Mapped[date | None]
    imported_at: Mapped[datetime]
    # Invented rows for trying the service: shown as such on every page.
    is_example: Mapped[bool]

    @property
    def family(self) -> Family:
        return FAMILIES[self.family_name]

    @property
    def name(self) -> str:
        return f"{self.family_name} {self.year}"

    @classmethod
    def with_slug(cls, slug: str) -> Self | None:
        return db.session.scalar(sa.select(cls).filter_by(slug=slug))

    @classmethod
    def all(cls) -> list[Self]:
        """Return the editions, the newest of each family first."""
        query = sa.select(cls).order_by(
            sa.case((cls.family_name == "KBLI", 0), else_=1),
            cls.family_name,
            cls.year.desc(),
        )
        return list(db.session.scalars(query))


class Code(db.Model):
    """One code of an edition; its address stays when the code is withdrawn."""

    __table_args__ = (
        sa.UniqueConstraint("classification_id", "code"),
        sa.Index("ix_code_code", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    classification_id: Mapped[int] = mapped_column(sa.ForeignKey("classification.id"))
    code: Mapped[str] = mapped_column(sa.String(CODE_LENGTH))
    # The level, from 1; what it is called says the family.
    depth: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(TITLE_LENGTH))
    covers: Mapped[str] = mapped_column(sa.Text)
    excludes: Mapped[str] = mapped_column(sa.Text)
    examples: Mapped[list[str]]
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("code.id"), index=True)
    # It was in the list once, and is no longer.
    withdrawn_at: Mapped[datetime | None]

    classification: Mapped[Classification] = relationship(lazy="joined")
    parent: Mapped["Code | None"] = relationship(remote_side=[id])

    @property
    def level_name(self) -> str:
        return self.classification.family.level_name(self.depth)

    @property
    def is_final(self) -> bool:
        """Return whether it is of the finest level, which forms ask for."""
        return self.depth == len(self.classification.family.levels)

    @property
    def label(self) -> str:
        """Return what an answer names it: "KBLI 2025 56101 Rumah makan"."""
        return f"{self.classification.name} {self.code} {self.title}"

    @classmethod
    def at(cls, slug: str, code: str) -> sa.Select[Self]:
        """Select the code at an address."""
        return (
            sa.select(cls)
            .join(cls.classification)
            .where(Classification.slug == slug, cls.code == code)
        )


class Conversion(db.Model):
    """One row of an official conversion: a code and one of those it became.

    Without `target_id` the code has no successor in that edition.
    """

    __table_args__ = (
        sa.UniqueConstraint("source_id", "target_id"),
        sa.Index("ix_conversion_target_id", "target_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(sa.ForeignKey("code.id"))
    target_id: Mapped[int | None] = mapped_column(sa.ForeignKey("code.id"))
    # The edition it leads to, also where there is no successor.
    into_id: Mapped[int] = mapped_column(sa.ForeignKey("classification.id"), index=True)
    note: Mapped[str] = mapped_column(sa.String(300))
