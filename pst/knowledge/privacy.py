"""Personal data in a draft: what must be removed or confirmed before publishing.

A pattern finds too much rather than too little: an officer decides about each finding.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pst.accounts.visitors import UNNAMED
from pst.errors import WrongState


class Kind(StrEnum):
    """What a finding seems to be; the words for it are in the template."""

    NAME = "name"
    INSTITUTION = "institution"
    EMAIL = "email"
    PHONE = "phone"
    NIK = "nik"
    FILE = "file"
    NUMBER = "number"


@dataclass(frozen=True)
class Finding:
    """Personal data at one place of a text."""

    kind: Kind
    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        """Names what was found, wherever it stands, so that it can be confirmed."""
        said = f"{self.kind}:{self.text.casefold()}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]


class PersonalDataLeft(WrongState):
    """The draft holds personal data that no officer has confirmed."""


# The office's own addresses are meant to be published.
OFFICE_ADDRESS = re.compile(r"@([\w-]+\.)*bps\.go\.id$", re.I)
# Every repetition is bounded, or begins where nothing of its kind stands before: a
# draft of one long word is looked through as quickly as any other.
PATTERNS = (
    (Kind.FILE, re.compile(r"(?<!\S)\S*/lampiran/\S+", re.I)),
    (Kind.NUMBER, re.compile(r"\bKS-\d{4}-\d{6}\b", re.I)),
    (Kind.EMAIL, re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")),
    (Kind.NIK, re.compile(r"(?<!\d)\d{16}(?!\d)")),
    # Written apart it is taken for a NIK only if its date can be one: region, day
    # (women's plus 40), month, year, number. A row of years is none.
    (
        Kind.NIK,
        re.compile(
            r"(?<!\d)\d\d(?:[ .-]?\d\d){2}[ .-]?[0-7]\d[ .-]?(?:0[1-9]|1[0-2])"
            r"[ .-]?\d\d[ .-]?\d{4}(?!\d)"
        ),
    ),
    (Kind.PHONE, re.compile(r"(?<![\w.])(?:\+?62|0)[ .-]?8(?:[ .-]?\d){7,11}(?!\d)")),
    (Kind.PHONE, re.compile(r"(?<![\w.])\(?0\d{2,3}\)?[ .-]\d{5,8}(?!\d)")),
)
# Parts of a name that are words of their own say nothing about anybody.
COMMON_PARTS = {"binti", "nur"}
SHORTEST_PART = 4


def known_of(user: Any) -> tuple[tuple[Kind, str], ...]:
    """What is known of the person who asked, to be looked for in the draft."""
    names = [user.name] + [
        part
        for part in re.findall(r"[^\W\d_]+", user.name)
        if len(part) >= SHORTEST_PART and part.casefold() not in COMMON_PARTS
    ]
    known = [(Kind.NAME, name) for name in names if user.name != UNNAMED]
    known += [(Kind.EMAIL, user.email)]
    if user.institution and len(user.institution) >= SHORTEST_PART:
        known.append((Kind.INSTITUTION, user.institution))
    if user.phone:
        known.append((Kind.PHONE, user.phone))
    return tuple(known)


def findings(text: str, known: Iterable[tuple[Kind, str]] = ()) -> list[Finding]:
    """Find personal data in `text`, in order, none within another."""
    found = []
    for kind, value in known:
        exact = (
            rf"(?<!\w){re.escape(value.strip())}(?!\w)" if value.strip() else r"(?!)"
        )
        found += _all(kind, re.compile(exact, re.I), text)
    for kind, pattern in PATTERNS:
        found += _all(kind, pattern, text)
    found = [
        each
        for each in found
        if not (each.kind is Kind.EMAIL and OFFICE_ADDRESS.search(each.text))
    ]
    found.sort(key=lambda each: (each.start, -each.end))
    kept: list[Finding] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def require_confirmed(findings: list[Finding], confirmed: frozenset[str]) -> None:
    """Raise `PersonalDataLeft` unless the key of each finding is in `confirmed`."""
    if any(finding.key not in confirmed for finding in findings):
        raise PersonalDataLeft(
            "Masih ada data pribadi yang belum dihapus atau dikonfirmasi."
        )


def redact(text: str, known: Iterable[tuple[Kind, str]] = ()) -> str:
    """Write `text` with what looks personal masked, and what is `known` of somebody."""
    for each in reversed(findings(text, known)):
        text = text[: each.start] + "•••" + text[each.end :]
    return text


def _all(kind: Kind, pattern: re.Pattern[str], text: str) -> list[Finding]:
    return [
        Finding(kind, found[0], found.start(), found.end())
        for found in pattern.finditer(text)
        if found[0]
    ]
