"""The sections of the worklist, their order, and the filters over them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from pst.consultations.models import Consultation
from pst.consultations.service_level.turns import Turn
from pst.consultations.states import Category
from pst.office import settings


class Section(StrEnum):
    """A part of the list; the values stand in addresses."""

    OVERDUE = "lewat-tenggat"
    TO_ANSWER = "menunggu-jawaban"
    QUEUE = "antrian"
    WAITING = "menunggu-pengguna"
    OTHERS = "petugas-lain"
    UNEXPLAINED = "belum-dijelaskan"
    CLOSED = "selesai"


# There are too many closed ones: shown only when asked for.
OVER = (Section.UNEXPLAINED, Section.CLOSED)


USUAL = [section for section in Section if section not in OVER]


# All requests of one day are due at the same moment: then the first one leads.
FIRST_ASKED = (Consultation.asked_at, Consultation.id)
# What is owed and clear, the most urgent first; then the rest, where no turn is joined.
FIRST_DUE = (Turn.consultation_id.is_(None), Turn.due_at.is_(None), Turn.due_at)


BY_DEADLINE = (Turn.due_at, *FIRST_ASKED)


ORDERS: dict[Section, tuple[Any, ...]] = {
    Section.OVERDUE: BY_DEADLINE,
    # A reopened consultation leads its officer's list.
    Section.TO_ANSWER: (
        Consultation.reopened_at.is_(None),
        *FIRST_DUE,
        *FIRST_ASKED,
    ),
    Section.QUEUE: FIRST_ASKED,
    # What the clock may not close comes first: an officer must reach the user.
    Section.WAITING: (
        Consultation.closing_held.is_(None),
        Consultation.waiting_since,
        Consultation.id,
    ),
    Section.OTHERS: (
        *FIRST_DUE,
        *FIRST_ASKED,
    ),
    Section.UNEXPLAINED: (Consultation.closed_at.desc(), Consultation.id.desc()),
    Section.CLOSED: (Consultation.closed_at.desc(), Consultation.id.desc()),
}


CONDITIONS: dict[str, sa.ColumnElement[bool]] = {
    "category": Consultation.category == sa.bindparam("category"),
    "since": Consultation.asked_at >= sa.bindparam("since"),
    "until": Consultation.asked_at < sa.bindparam("until"),
}


@dataclass(frozen=True)
class Filters:
    """What the reader wants to see of the list; the address carries all of it."""

    category: Category | None = None
    officer_id: int | None = None
    section: Section | None = None
    since: date | None = None
    until: date | None = None

    @property
    def address(self) -> dict[str, str]:
        """Return the filters as parameters of an address."""
        parameters = {
            "jenis": self.category,
            "petugas": self.officer_id,
            "keadaan": self.section,
            "dari": self.since,
            "sampai": self.until,
        }
        return {name: str(value) for name, value in parameters.items() if value}

    @property
    def values(self) -> dict[str, Any]:
        """Return what its conditions leave open; each is a name in `CONDITIONS`."""
        zone = settings.current().zone
        values: dict[str, Any] = {}
        if self.category:
            values["category"] = self.category
        if self.since:
            values["since"] = datetime.combine(self.since, time(), zone)
        if self.until:
            end_on = self.until + timedelta(days=1)
            values["until"] = datetime.combine(end_on, time(), zone)
        return values
