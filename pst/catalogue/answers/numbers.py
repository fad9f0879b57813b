"""Figures as sources and people write them."""

import math
import re
from dataclasses import dataclass

MAX_DECIMALS = 4
NOTHING = frozenset(["", "-", "--", "...", "…", "–", "—", "na", "n.a", "n/a", "null"])
PLAIN = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
INDONESIAN = re.compile(r"-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?")
ENGLISH = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")


@dataclass(frozen=True)
class Number:
    """A figure and with how many decimals it is shown."""

    value: float
    decimals: int


def from_machine(value: object, decimals: object = None) -> Number | None:
    """Return a figure as a machine writes it: a number, or one in a text."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    text = str(value).strip()
    if text.casefold() in NOTHING:
        return None
    if not PLAIN.fullmatch(text):
        if ENGLISH.fullmatch(text):
            text = text.replace(",", "")
        elif INDONESIAN.fullmatch(text):
            text = text.replace(".", "").replace(",", ".")
        else:
            return None
    return _number(text, decimals)


def from_person(text: str) -> Number | None:
    """Return a figure as a person types it: `1.023.456,7`, also `12.5`."""
    text = text.strip().replace(" ", "")
    if INDONESIAN.fullmatch(text):
        return _number(text.replace(".", "").replace(",", "."), None)
    if PLAIN.fullmatch(text) or ENGLISH.fullmatch(text):
        return _number(text.replace(",", ""), None)
    return None


def _number(text: str, decimals: object) -> Number | None:
    value = float(text)
    if not math.isfinite(value) or abs(value) >= 1e18:
        return None
    shown_decimals = len(text.partition(".")[2]) if PLAIN.fullmatch(text) else 0
    if "e" in text.casefold():
        shown_decimals = 0
    places = int(str(decimals)) if str(decimals).isdigit() else shown_decimals
    return Number(value, min(max(places, 0), MAX_DECIMALS))
