"""What an officer writes in a report: lists, pasted tables, and fields for figures."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pst.web.formats import written_text
from pst.web.formats.formatting import day

# The sign or the count of an item, a blank, and the item: `- x`, `2. x`, `b) x`.
ITEM = re.compile(
    r"\s*(?:(?P<sign>[•·▪◦○●■□➢✓–—*-])|\(?(?P<count>\d{1,3}|[a-z])[.)])\s+(?P<text>\S.*)"
)
# The placeholder of a figure, as `{jawaban_pertama}`.
FIELD = re.compile(r"\{([a-z][a-z0-9_]{0,60})\}")


@dataclass(frozen=True)
class Listing:
    """Lines that are the items of one list."""

    entries: list[str]
    # The count of the first item; None for a list with signs.
    start: int | None = None
    is_lettered: bool = False

    @property
    def numbering(self) -> str:
        """How the items are counted, as HTML and typst both write it."""
        return "a" if self.is_lettered else "1"


Part = str | written_text.TextTable | Listing


def parts(text: str) -> Iterator[Part]:
    """Cut what was written into paragraphs, lists and tables."""
    for part in written_text.parts(text):
        if isinstance(part, written_text.TextTable):
            yield part
            continue
        for paragraph in part.split("\n\n"):
            yield from _paragraph(paragraph.strip("\n").split("\n"))


def _paragraph(lines: list[str]) -> list[Part]:
    """Cut the lines of one paragraph where a list begins or ends."""
    parts: list[Part] = []
    for line in lines:
        last, item = parts[-1] if parts else None, ITEM.fullmatch(line)
        if item and isinstance(last, Listing) and _follows(last, item):
            last.entries.append(item["text"].strip())
        elif item:
            parts.append(_begun(item))
        elif isinstance(last, Listing) and line[:1].isspace():
            last.entries[-1] += f"\n{line.strip()}"  # the item goes on
        elif isinstance(last, str):
            parts[-1] = f"{last}\n{line}"
        else:
            parts.append(line)
    return [part for part in parts if not isinstance(part, str) or part.strip()]


def _begun(item: re.Match[str]) -> Listing:
    return Listing([item["text"].strip()], _count(item), _is_lettered(item))


def _follows(listing: Listing, item: re.Match[str]) -> bool:
    """Return whether an item is the next one of the list before it."""
    if listing.start is None or item["sign"]:
        return listing.start is None and bool(item["sign"])
    is_alike = _is_lettered(item) is listing.is_lettered
    return is_alike and _count(item) == listing.start + len(listing.entries)


def _is_lettered(item: re.Match[str]) -> bool:
    return bool(item["count"]) and item["count"].isalpha()


def _count(item: re.Match[str]) -> int | None:
    if item["sign"]:
        return None
    count = item["count"]
    return ord(count) - ord("a") + 1 if count.isalpha() else int(count)


def filled(words: dict[str, Any], figures: Mapping[str, str]) -> dict[str, Any]:
    """Return the text with each field replaced by its figure.

    A field that is not known stays as it was typed.
    """
    return {key: _filled(value, figures) for key, value in words.items()}


def _filled(value: Any, figures: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return FIELD.sub(lambda name: figures.get(name[1], name[0]), value)
    if isinstance(value, dict):
        return {key: _filled(each, figures) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, figures) for each in value]
    return value


def unknown_fields(words: Any, figures: Mapping[str, str]) -> list[str]:
    """List the fields in the text that have no figure, in order, once each."""
    # The braces of JSON stand next to quotation marks, never next to a letter.
    names = FIELD.findall(json.dumps(words, ensure_ascii=False))
    return [name for name in dict.fromkeys(names) if name not in figures]


def target(text: str) -> str:
    """Write the day a recommendation is to be done by; older reports have words."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text
