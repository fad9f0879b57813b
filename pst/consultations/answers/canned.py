"""Canned answers: texts that officers send often, with fields that are filled in."""

import json
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock, reference_lists
from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.service_level import deadlines
from pst.database import PlainSelect, db
from pst.office import audit
from pst.web.formats.formatting import moment
from pst.web.formats.placeholders import Piece, filled, pieces

STARTER = reference_lists.DATA / "canned_starter.json"
# What may stand in a canned answer, and what it becomes.
FIELDS = ("nama", "nomor", "subjek", "petugas", "tenggat")


class CannedAnswer(db.Model):
    """A text that is written often; its maker's own, or without owner for all."""

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(80))
    body: Mapped[str] = mapped_column(sa.Text)
    # No one made or changed those that the service brings along.
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))

    made_by: Mapped[User | None] = relationship(foreign_keys=made_by_id)
    changed_by: Mapped[User | None] = relationship(foreign_keys=changed_by_id)

    @classmethod
    def write(cls, by: User, title: str, body: str, *, is_shared: bool) -> None:
        """Add a text for all officers, or for this officer alone."""
        answer = cls(made_by_id=by.id)
        answer._set(by, title, body, is_shared)
        db.session.add(answer)
        db.session.flush()
        audit.record("write_canned", f"canned:{answer.id}", by.id)

    @classmethod
    def bring_along(cls) -> None:
        """Add the texts that a new office begins with."""
        for entry in json.loads(STARTER.read_text()):
            db.session.add(cls(**entry, changed_at=clock.now()))

    def rewrite(self, by: User, title: str, body: str, *, is_shared: bool) -> None:
        """Change the text; who may use it is decided by who made it.

        When that officer has left, any colleague does.
        """
        if not self.can_be_taken_back_by(by):
            is_shared = self.is_shared
        self._set(by, title, body, is_shared)
        audit.record("rewrite_canned", f"canned:{self.id}", by.id)

    def remove(self, by: User) -> None:
        audit.record("remove_canned", f"canned:{self.id}", by.id)
        db.session.delete(self)

    @property
    def is_shared(self) -> bool:
        return self.owner_id is None

    def can_be_taken_back_by(self, person: User) -> bool:
        """Return whether `person` may share it, or have it back for themselves."""
        return person.id == self.made_by_id or self._is_left

    def filled(self, consultation: Consultation, officer: User) -> str:
        """Return the text with its fields filled; unknown fields stay."""
        due_at = consultation.due_at
        values = {
            "nama": consultation.user.name,
            "nomor": consultation.number,
            "subjek": consultation.subject,
            "petugas": officer.name,
            "tenggat": moment(due_at) if due_at else "–",
        }
        return filled(self.body, values)

    @property
    def _is_left(self) -> bool:
        """Return whether no officer who serves here made it."""
        maker = self.made_by
        return maker is None or not (maker.active and maker.is_officer)

    def _set(self, by: User, title: str, body: str, is_shared: bool) -> None:
        self.title, self.body = title, body
        if not is_shared and self._is_left:
            self.made_by_id = by.id  # Else no one would find it again.
        self.owner_id = None if is_shared else self.made_by_id
        self.changed_at, self.changed_by_id = clock.now(), by.id

    @classmethod
    def usable_by(cls, officer: User) -> sa.Select["CannedAnswer"]:
        """Select the shared ones and the officer's own, by title."""
        mine = sa.or_(cls.owner_id.is_(None), cls.owner_id == officer.id)
        return sa.select(cls).where(mine).order_by(cls.title, cls.id)

    @classmethod
    def titles_for(cls, officer: User) -> list[tuple[int, str]]:
        """Return the id and title of each that `officer` may use."""
        return [(id, title) for id, title in TITLES.rows(officer=officer.id)]


TITLES = PlainSelect(
    sa.select(CannedAnswer.id, CannedAnswer.title)
    .where(
        sa.or_(
            CannedAnswer.owner_id.is_(None),
            CannedAnswer.owner_id == sa.bindparam("officer"),
        )
    )
    .order_by(CannedAnswer.title, CannedAnswer.id)
)


def preview(body: str, officer: User) -> list[Piece]:
    """Return the text as it would be in an invented consultation of today."""
    values = {
        "nama": "Siti Rahayu",
        "nomor": f"KS-{clock.now().year}-000123",
        "subjek": "Jumlah penduduk menurut kecamatan",
        "petugas": officer.name,
        "tenggat": moment(deadlines.due_at(clock.now())),
    }
    return pieces(body, values)
