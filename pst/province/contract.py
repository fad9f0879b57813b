"""What offices tell each other of a month: one JSON document, see docs/province.md.

It is read here as a stranger's: every field with its type and its bounds, none more.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pst.reports.periods import BadPeriod, Period

VERSION = "pst-figures/1"
SIGNATURE = "PST-Signature"
PATH = "/api/v1/figures"
MAX_BYTES = 16 * 1024
MAX_NAME_LENGTH = 200
# No control character, and none that turns the direction of a line.
NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*")
MONTH = re.compile(r"\d{4}-\d{2}", re.ASCII)
# By field: the largest value, and whether only whole numbers stand there. None is for
# what is not known, or of too few people to be published.
FIGURES: dict[str, tuple[float, bool]] = {
    "consultations": (1_000_000, True),
    "turns_in_time": (1, False),
    "first_in_time": (1, False),
    "final_in_time": (1, False),
    "first_answer_hours": (100_000, False),
    "ratings": (1_000_000, True),
    "rating_mean": (5, False),
    "survey_answers": (1_000_000, True),
    "survey_index": (100, False),
}
FIELDS = {"contract", "office", "period", "counted_at", "figures"}


class BadDocument(ValueError):
    """An answer that is no document of the contract; the text is for the log."""


@dataclass(frozen=True)
class MonthlyFigures:
    """The figures of one office for one month."""

    office: str
    period: str
    counted_at: datetime
    figures: dict[str, float | None]

    def as_bytes(self) -> bytes:
        """Write it as it is sent and signed."""
        whole = {
            "contract": VERSION,
            "office": self.office,
            "period": self.period,
            "counted_at": self.counted_at.isoformat(timespec="seconds"),
            "figures": self.figures,
        }
        return json.dumps(whole, ensure_ascii=False).encode()

    @classmethod
    def read(cls, body: bytes) -> "MonthlyFigures":
        """Read what an office sent. Raise `BadDocument` at the first thing wrong."""
        whole = _object(_json(body), "the document", FIELDS)
        if whole["contract"] != VERSION:
            raise BadDocument("another contract")
        name = whole["office"]
        is_short = isinstance(name, str) and len(name) <= MAX_NAME_LENGTH
        if not is_short or not NAME.fullmatch(name):
            raise BadDocument("office is no name")
        figures = _object(whole["figures"], "figures", set(FIGURES))
        return cls(
            name,
            month(str(whole["period"])).code,
            _moment(whole["counted_at"]),
            {key: _figure(key, figures[key]) for key in FIGURES},
        )


def month(code: str) -> Period:
    """Read `2026-11`. Raise `BadDocument` for anything else."""
    try:
        if MONTH.fullmatch(code):
            return Period.parse(code)
    except BadPeriod:
        pass
    raise BadDocument("period is no month")


def _json(body: bytes) -> Any:
    if len(body) > MAX_BYTES:
        raise BadDocument(f"more than {MAX_BYTES} bytes")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadDocument("no JSON") from error


def _object(value: Any, name: str, keys: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != keys:
        raise BadDocument(f"{name} has other fields")
    return value


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadDocument("counted_at is no moment") from error
    if moment.tzinfo is None or not 2000 <= moment.year <= 2100:
        raise BadDocument("counted_at has no time zone, or no year of ours")
    return moment


def _figure(key: str, value: Any) -> float | None:
    most, is_whole = FIGURES[key]
    if value is None:
        return None
    # `True` is an int to Python; NaN is never within bounds.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadDocument(f"{key} is no number")
    if not 0 <= value <= most:
        raise BadDocument(f"{key} is out of bounds")
    if not is_whole:
        return value
    # To JSON 60.0 is a whole number too.
    if value != int(value):
        raise BadDocument(f"{key} is no whole number")
    return int(value)
