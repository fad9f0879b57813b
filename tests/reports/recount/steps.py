"""A slow, independent recount over generated data."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from pst.consultations.models import Consultation
from pst.database import db
from pst.feedback.models import Rating
from pst.office import settings
from pst.reports.periods import Period
from tests.reports.conftest import FEBRUARY


def local(moment: datetime) -> datetime:
    return moment.astimezone(settings.current().zone)


def is_in(moment: datetime | None, period: Period = FEBRUARY) -> bool:
    return moment is not None and period.first <= local(moment).date() <= period.last


def all_of(model: Any) -> list[Any]:
    return list(db.session.scalars(sa.select(model)))


def asked(period: Period = FEBRUARY) -> Iterator[Consultation]:
    for each in all_of(Consultation):
        if is_in(each.asked_at, period):
            yield each


def rated(period: Period = FEBRUARY) -> list[Rating]:
    return [each for each in all_of(Rating) if is_in(each.rated_at, period)]


def share(part: int, whole: int) -> Any:
    return pytest.approx(part / whole) if whole else None


def known(counts: dict[str, int]) -> dict[str, int]:
    """Leave out what did not occur."""
    return {key: n for key, n in counts.items() if n}
