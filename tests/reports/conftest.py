"""Consultations made straight into the rows, so that a test can say how they went."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from pst.accounts.models import User
from pst.consultations.models import Category, Consultation, Reason, State
from pst.database import db
from pst.reports.figures import Figures
from pst.reports.periods import Period

MARCH = Period.parse("2026-03")


@pytest.fixture
def asked(siti: User, at: object) -> Callable[..., Consultation]:
    """Store a consultation that was asked when and went as told."""
    made: list[Consultation] = []

    def ask(when: str, **given: Any) -> Consultation:
        moments = {
            name: datetime.fromisoformat(value)
            for name, value in given.items()
            if name.endswith("_at")
        }
        others = {name: v for name, v in given.items() if name not in moments}
        asked_at = datetime.fromisoformat(when)
        values: dict[str, Any] = {
            "category": Category.DATA,
            "state": State.CLOSED if "closed_at" in moments else State.ACTIVE,
            "reason": Reason.RESOLVED if "closed_at" in moments else None,
            "user": siti,
            "clear_at": asked_at,
            **others,
            **moments,
        }
        consultation = Consultation(
            number=f"KS-2026-{len(made) + 1:06d}",
            year=2026,
            sequence=len(made) + 1,
            subject="Jumlah penduduk",
            description="Menurut umur.",
            details=values.pop("details", {}),
            asked_at=asked_at,
            newest_id=0,
            newest_shown_id=0,
            reads=0,
            **values,
        )
        made.append(consultation)
        db.session.add(consultation)
        db.session.commit()
        return consultation

    return ask


@pytest.fixture
def march() -> Callable[[], dict[str, Any]]:
    """Tell the figures of March 2026."""
    return lambda: Figures(MARCH).frozen()
