"""Tokens with which another office may read the figures of a month, and nothing else.

Only the hash of a token is stored; its maker saw it once.
"""

import secrets
from datetime import datetime, timedelta
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.accounts.digests import digest
from pst.database import db
from pst.office import audit
from pst.rules import WrongState

TOKEN_BYTES = 32
MAX_TOKEN_LENGTH = 100
MAX_TOKENS = 20
# A use is noted once a day: the collector of the province comes every night.
NOTED_AFTER = timedelta(days=1)


class FigureToken(db.Model):
    """One token: who it was made for, and until when it worked."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    token_hash: Mapped[bytes] = mapped_column(sa.LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    @classmethod
    def issue(cls, name: str, by_id: int) -> tuple[Self, str]:
        """Make a token for the reader `name`; return it too, for this one time."""
        if len(cls.working()) >= MAX_TOKENS:
            raise WrongState(
                f"{MAX_TOKENS} kunci berlaku. Cabut dulu yang tak dipakai."
            )
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = cls(
            name=name,
            token_hash=digest(token),
            created_at=clock.now(),
            used_at=None,
            revoked_at=None,
        )
        db.session.add(row)
        db.session.flush()
        audit.record("make_figure_token", f"figure_token:{row.id}", by_id)
        return row, token

    def revoke(self, by_id: int) -> None:
        """Let the token work no more; pressed twice, nothing happens."""
        if self.revoked_at is None:
            self.revoked_at = clock.now()
            audit.record("revoke_figure_token", f"figure_token:{self.id}", by_id)

    @classmethod
    def find(cls, token: str) -> Self | None:
        """Find a token that works."""
        if not token or len(token) > MAX_TOKEN_LENGTH:
            return None
        return db.session.scalar(
            sa.select(cls).where(
                cls.token_hash == digest(token), cls.revoked_at.is_(None)
            )
        )

    @classmethod
    def working(cls) -> list[Self]:
        """Return the tokens that work, the newest first."""
        query = sa.select(cls).where(cls.revoked_at.is_(None))
        return list(db.session.scalars(query.order_by(cls.id.desc())))

    @property
    def is_use_to_be_noted(self) -> bool:
        return self.used_at is None or clock.now() - self.used_at >= NOTED_AFTER

    @classmethod
    def note_use(cls, id: int) -> None:
        """Note that the token is in use."""
        db.session.execute(
            sa.update(cls).where(cls.id == id).values(used_at=clock.now())
        )
