"""One catalogue item as a source gives it, checked, before it is stored."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from urllib.parse import urlsplit

from pst.catalogue.states import ItemKind

TITLE_LENGTH, ABSTRACT_LENGTH, NAME_LENGTH, ADDRESS_LENGTH = 400, 2_000, 160, 600
ID_LENGTH, LIST_LENGTH = 120, 80
MAX_YEARS = 80


class BadEntry(ValueError):
    """What a source gave is no item; the text says why."""


@dataclass(frozen=True)
class Value:
    """One figure of a series: for an area, a breakdown and a period."""

    year: int
    value: float
    part: int = 0
    part_name: str = ""
    decimals: int = 0
    area: str = ""
    area_code: str = ""
    breakdown: str = ""

    @property
    def key(self) -> tuple[str, str, str, int, int]:
        """Return what no two figures of an item have alike."""
        return (self.area_code, self.area, self.breakdown, self.year, self.part)


@dataclass(frozen=True)
class ItemEntry:
    """One item. All texts are plain and short enough to be stored."""

    source_id: str
    kind: ItemKind
    title: str
    title_en: str = ""
    abstract: str = ""
    subject: str = ""
    unit: str = ""
    area: str = ""
    area_code: str = ""
    years: tuple[int, ...] = ()
    released_on: date | None = None
    next_on: date | None = None
    updated_on: date | None = None
    address: str = ""
    file_address: str = ""
    note: str = ""
    values: tuple[Value, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if not self.source_id or len(self.source_id) > ID_LENGTH:
            raise BadEntry("no id.")
        if not self.title:
            raise BadEntry(f"{self.source_id}: no title")

    def fingerprint(self) -> str:
        """Return a hash of everything but the figures."""
        facts = asdict(self)
        del facts["values"]
        text = json.dumps(facts, sort_keys=True, default=str)
        return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def web_address(value: object) -> str:
    """Return an address that a page may link to; "" for anything else."""
    text = value.strip() if isinstance(value, str) else ""
    if len(text) > ADDRESS_LENGTH or any(c in text for c in " \"'<>\\\n\t"):
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    return text if is_web else ""
