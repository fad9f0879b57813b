"""The append-only trail: who did what to what and when, without what was written.

The table has triggers that refuse to change or delete a row.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import has_request_context, request
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import db


class AuditEntry(db.Model):
    """One thing that somebody, or the clock, did."""

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    # No foreign key: the trail outlives what it speaks of.
    actor_id: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(sa.String(60))
    subject: Mapped[str] = mapped_column(sa.String(60), index=True)
    detail: Mapped[dict[str, Any]]
    address: Mapped[str | None] = mapped_column(sa.String(45))


def record(action: str, subject: str, actor_id: int | None, **detail: Any) -> None:
    """Note that `actor_id` (None: the clock) did `action` to `subject`.

    `subject` is a kind and an id, as in `consultation:KS-2026-000007`. `detail` holds
    states, ids and counts, never personal data or message text.
    """
    db.session.add(
        AuditEntry(
            at=clock.now(),
            actor_id=actor_id,
            action=action,
            subject=subject,
            detail=detail,
            address=request.remote_addr if has_request_context() else None,
        )
    )
