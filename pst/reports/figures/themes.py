"""What a comment is about: suggested from its words, decided by an officer."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock, reference_lists
from pst.accounts.users import User
from pst.database import db
from pst.feedback.models import Rating
from pst.office import audit
from pst.search.language import indonesian

OTHER = "other"
QUOTE_LENGTH = 1000
WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Theme:
    """One thing that comments may be about, and the stems that hint at it."""

    code: str
    text: str
    stems: frozenset[str]


class CommentTheme(db.Model):
    """What an officer decided about one comment: its theme, and how to quote it."""

    rating_id: Mapped[int] = mapped_column(
        sa.ForeignKey("rating.id", ondelete="CASCADE"), primary_key=True
    )
    theme: Mapped[str] = mapped_column(sa.String(40))
    # The comment as the report quotes it, without personal data; empty: not quoted.
    quote: Mapped[str] = mapped_column(sa.Text)
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    decided_at: Mapped[datetime]

    @classmethod
    def decide(cls, rating: Rating, theme: str, quote: str, by: User) -> Self:
        """Store what the comment of `rating` is about. Raise `ValueError`."""
        if theme not in {each.code for each in themes()}:
            raise ValueError(f"no theme {theme}")
        row = db.session.get(cls, rating.id) or cls(rating_id=rating.id)
        if (row.theme, row.quote) != (theme, quote):
            row.theme, row.quote = theme, quote
            row.decided_by_id, row.decided_at = by.id, clock.now()
            db.session.add(row)
            audit.record("decide_theme", f"rating:{rating.id}", by.id, theme=theme)
        return row


@cache
def themes() -> tuple[Theme, ...]:
    """List the themes; versioned reference data."""
    rows = json.loads((reference_lists.DATA / "themes.json").read_text())["themes"]
    return tuple(
        Theme(
            each["code"],
            each["text"],
            frozenset(indonesian.stem(word) for word in each["words"]),
        )
        for each in rows
    )


def suggested(comment: str) -> str:
    """Return the likely theme of a comment: the one with most words in it."""
    stems = {stem for stem, _ in stems_of(comment)}
    best = max(themes(), key=lambda theme: len(theme.stems & stems))
    return best.code if best.stems & stems else OTHER


def stems_of(text: str) -> list[tuple[str, str]]:
    """List the words of `text` that are not stop words: (stem, word)."""
    return [
        (indonesian.stem(word), word)
        for word in WORD.findall(text.casefold())
        if not indonesian.is_stop_word(word)
    ]


def most_common(often: Counter[str]) -> list[tuple[str, int]]:
    """Rank words; equally frequent ones by the alphabet, for a stable order."""
    return sorted(often.items(), key=lambda pair: (-pair[1], pair[0]))
