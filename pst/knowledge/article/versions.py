"""The versions of an article, and what changed between two of them."""

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

import sqlalchemy as sa

from pst.database import db
from pst.knowledge.article.revisions import Revision
from pst.knowledge.forms import texts
from pst.knowledge.models import Article

# With more pairs of equal words than this, very common words are not compared: that
# would take minutes.
MAX_PAIRS = 100_000


@dataclass(frozen=True)
class DiffSegment:
    """A stretch of text: "same" in both versions, taken "out", or put "in"."""

    kind: str
    text: str


@dataclass
class Versions:
    """Two versions of an article, compared."""

    article: Article
    number: int
    against: int | None = None

    @cached_property
    def revision(self) -> Revision:
        return self._get(self.number)

    @cached_property
    def other(self) -> Revision | None:
        """The version to compare with: the one before, unless `against` names one."""
        number = self.against or self.number - 1
        return self._get(number) if number > 0 else None

    @property
    def rows(self) -> list[tuple[str, list[DiffSegment]]]:
        """The label of each part that differs, with its changes."""
        other = self.other
        if other is None:
            return [
                (label, [DiffSegment("in", text)])
                for label, text in texts(self.revision)
                if text
            ]
        pairs = zip(texts(other), texts(self.revision), strict=True)
        return [
            (label, compare(before, after))
            for (label, before), (_, after) in pairs
            if before != after
        ]

    def _get(self, number: int) -> Revision:
        return db.first_or_404(
            sa.select(Revision).filter_by(article_id=self.article.id, number=number)
        )


def compare(before: str, after: str) -> list[DiffSegment]:
    """Return what changed between two texts, word by word."""
    old, new = _tokens(before), _tokens(after)
    changes: list[DiffSegment] = []
    count = Counter(new)
    pairs = sum(count[token] for token in old)  # that might belong together
    matcher = SequenceMatcher(a=old, b=new, autojunk=pairs > MAX_PAIRS)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            changes.append(DiffSegment("same", "".join(old[a:b])))
            continue
        if b > a:
            changes.append(DiffSegment("out", "".join(old[a:b])))
        if d > c:
            changes.append(DiffSegment("in", "".join(new[c:d])))
    return changes


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    for line in text.splitlines(keepends=True):
        tokens += [part + " " for part in line.split(" ")]
        tokens[-1] = tokens[-1][:-1]
    return tokens
