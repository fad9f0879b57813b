"""Published articles about what somebody typed: the index, and asking it."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from . import ranking
from .index import Document, Drift, check, rebuild, remove, write
from .question import Question

__all__ = ["Answer", "Document", "Drift", "Hit"]
__all__ += ["check", "rebuild", "remove", "search", "write"]

SHOWN = sa.text(
    "SELECT id, slug, title, category, body FROM article_index_text WHERE id IN :ids"
).bindparams(sa.bindparam("ids", expanding=True))


CUT=0.0
@dataclass(frozen=True)
class Hit:
    article_id: int
    slug: str
    title: str
    category: str
    passage: tuple
    score: float
    coverage: float


@dataclass(frozen=True)
class Answer:
    hits: list[Hit]
    mended: str | None = None


def search(connection, words, limit=10, category=None, prefix=False) -> Answer:
    question = Question(connection, words, prefix)
    found = ranking.rank(connection, question, category)
    if not any(c.answers for c in found[:3]): found=[]
    found=[c for c in found if c.score>=found[0].score*CUT][:limit]
    rows = {r[0]: r for r in connection.execute(SHOWN, {"ids": [c.id for c in found]})}
    return Answer([Hit(c.id, *rows[c.id][1:4], (), c.score, c.coverage) for c in found])
