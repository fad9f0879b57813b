"""Personal data in a draft, to be removed or confirmed before it is published.

The patterns find too much rather than too little: an officer decides on each finding.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pst.accounts.visitors import UNNAMED
from pst.consultations.conversation.excerpts import quotes_only_if
from pst.rules import WrongState


class FindingKind(StrEnum):
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
    """Personal data at one place in a text."""

    kind: FindingKind
    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        """A hash of what was found, equal at every place, by which it is confirmed."""
        value = f"{self.kind}:{self.text.casefold()}"
        return hashlib.sha256(value.encode()).hexdigest()[:16]


class PersonalDataLeft(WrongState):
    """The draft holds personal data that no officer has confirmed."""


# The office's own addresses are meant to be published; not that of the user who asked,
# who may work there.
OFFICE_ADDRESS = re.compile(r"@([\w-]+\.)*bps\.go\.id$", re.I)
# Every repetition is bounded, or starts after a character of another kind, so that a
# draft of one long word is searched as quickly as any other.
PATTERNS = (
    (FindingKind.FILE, re.compile(r"(?<!\S)\S*/lampiran/\S+", re.I)),
    (FindingKind.NUMBER, re.compile(r"\bKS-\d{4}-\d{6}\b", re.I)),
    (FindingKind.EMAIL, re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")),
    (FindingKind.NIK, re.compile(r"(?<!\d)\d{16}(?!\d)")),
    # With separators it counts as a NIK only if its date is possible: region, day
    # (plus 40 for women), month, year, number. A row of years is not a NIK.
    (
        FindingKind.NIK,
        re.compile(
            r"(?<!\d)\d\d(?:[ .-]?\d\d){2}[ .-]?[0-7]\d[ .-]?(?:0[1-9]|1[0-2])"
            r"[ .-]?\d\d[ .-]?\d{4}(?!\d)"
        ),
    ),
    # Who writes that it is one may have mistyped its date.
    (
        FindingKind.NIK,
        re.compile(
            r"\b(?:NIK|no(?:mor)?\.? ?(?:KTP|KK))\b\D{0,20}"
            r"(?P<data>\d(?:[ .-]?\d){15})(?!\d)",
            re.I,
        ),
    ),
    (
        FindingKind.PHONE,
        re.compile(r"(?<![\w.])(?:\+?62|0)[ .-]?8(?:[ .-]?\d){7,11}(?!\d)"),
    ),
    (FindingKind.PHONE, re.compile(r"(?<![\w.])\(?0\d{2,3}\)?[ .-]\d{5,8}(?!\d)")),
)
# Parts of a name that are common words identify no one.
COMMON_PARTS = {"binti", "nur"}
MIN_PART_LENGTH = 4


def known_of(user: Any) -> tuple[tuple[FindingKind, str], ...]:
    """Return the personal data of `user` to look for in a draft."""
    names = [user.name] + [
        part
        for part in re.findall(r"[^\W\d_]+", user.name)
        if len(part) >= MIN_PART_LENGTH and part.casefold() not in COMMON_PARTS
    ]
    terms = [(FindingKind.NAME, name) for name in names if user.name != UNNAMED]
    terms += [(FindingKind.EMAIL, user.email)]
    if user.institution and len(user.institution) >= MIN_PART_LENGTH:
        terms.append((FindingKind.INSTITUTION, user.institution))
    if user.phone:
        terms.append((FindingKind.PHONE, user.phone))
    return tuple(terms)


def findings(text: str, facts: Iterable[tuple[FindingKind, str]] = ()) -> list[Finding]:
    """Return the personal data in `text` in order, none of it within another."""
    candidates = []
    for kind, value in facts:
        exact = (
            rf"(?<!\w){re.escape(value.strip())}(?!\w)" if value.strip() else r"(?!)"
        )
        candidates += _all(kind, re.compile(exact, re.I), text)
    for kind, pattern in PATTERNS:
        candidates += [
            candidate
            for candidate in _all(kind, pattern, text)
            if not (kind is FindingKind.EMAIL and OFFICE_ADDRESS.search(candidate.text))
        ]
    candidates.sort(key=lambda candidate: (candidate.start, -candidate.end))
    separate: list[Finding] = []
    for candidate in candidates:
        if not separate or candidate.start >= separate[-1].end:
            separate.append(candidate)
    return separate


@quotes_only_if
def holds_no_personal_data(user: Any, text: str) -> bool:
    """Return whether nothing in `text` looks personal, or is known of `user`."""
    return not findings(text, known_of(user))


def require_confirmed(findings: list[Finding], confirmed: frozenset[str]) -> None:
    """Raise `PersonalDataLeft` unless the key of each finding is in `confirmed`."""
    if any(finding.key not in confirmed for finding in findings):
        raise PersonalDataLeft(
            "Masih ada data pribadi yang belum dihapus atau dikonfirmasi."
        )


def redact(text: str, facts: Iterable[tuple[FindingKind, str]] = ()) -> str:
    """Return `text` with personal data masked: what looks personal, and `facts`."""
    for finding in reversed(findings(text, facts)):
        text = text[: finding.start] + "•••" + text[finding.end :]
    return text


def _all(kind: FindingKind, pattern: re.Pattern[str], text: str) -> list[Finding]:
    group = "data" if "data" in pattern.groupindex else 0
    return [
        Finding(kind, match[group], *match.span(group))
        for match in pattern.finditer(text)
        if match[group]
    ]
