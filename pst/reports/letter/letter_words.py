"""What officers wrote, as parts of a letter, with breaks in words that are too long."""

import re
import unicodedata
from dataclasses import asdict
from itertools import pairwise
from typing import Any

from pst.reports.letter import words
from pst.web.formats import written_text

LONG_WORD = re.compile(r"\S{40,}")
# What belongs to the sign before it, apart from marks: skin colours, tags, flags.
FOLLOWER = re.compile(
    "[\u200d\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
# Pictures, and what only programs read: never broken.
DRAWN = {"chart", "alt", "title", "author", "at", "start", "logo", "qr"}


def paragraphs(text: str) -> list[str | dict[str, Any]]:
    """Return what an officer wrote, part by part: paragraphs, lists, tables."""
    blocks: list[str | dict[str, Any]] = []
    for part in words.parts(text):
        if isinstance(part, words.Listing):
            blocks.append({"listing": asdict(part) | {"numbering": part.numbering}})
        elif isinstance(part, str):
            blocks.append(part.strip())
        elif part.is_too_large:
            blocks += part.lines
        else:
            columns = range(part.width)
            numeric = [at in part.numeric for at in columns]
            blocks.append({"rows": written_text.padded(part), "numeric": numeric})
    return blocks


def breakable(value: Any) -> Any:
    """Return the texts in `value` with a break in each long word, to fit the page."""
    if isinstance(value, str):
        return LONG_WORD.sub(_with_breaks, value)
    if isinstance(value, dict):
        return {k: v if k in DRAWN else breakable(v) for k, v in value.items()}
    return [breakable(each) for each in value] if isinstance(value, list) else value


def _with_breaks(match: re.Match[str]) -> str:
    word = match[0]
    return word[0] + "".join(
        after if _belongs(before, after) else f"\u200b{after}"
        for before, after in pairwise(word)
    )


def _belongs(before: str, after: str) -> bool:
    """Return whether both are one sign as it is seen."""
    is_mark = unicodedata.category(after).startswith("M")
    return is_mark or before == "\u200d" or bool(FOLLOWER.match(after))
