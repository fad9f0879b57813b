"""Words for which officers gave a code: they find it the next time."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Self

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.classifications.models import Code
from pst.database import db

WORDS_LENGTH = 200
# So many words of one code are enough to find it.
MAX_LEARNT = 60


class CodeExample(db.Model):
    """Words of one reviewed decision, without who asked."""

    __table_args__ = (sa.UniqueConstraint("code_id", "words"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code_id: Mapped[int] = mapped_column(sa.ForeignKey("code.id"))
    words: Mapped[str] = mapped_column(sa.String(WORDS_LENGTH))
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))

    @classmethod
    def add(cls, code: Code, words: str, by_id: int | None) -> Self:
        """Keep `words` as an example of `code`; the same words are kept once."""
        words = " ".join(words.split())[:WORDS_LENGTH]
        same = sa.select(cls).filter_by(code_id=code.id, words=words)
        example = db.session.scalar(same)
        if example is None:
            example = cls(
                code_id=code.id, words=words, added_at=clock.now(), added_by_id=by_id
            )
            db.session.add(example)
            db.session.flush()
        return example


def learnt(ids: Collection[int]) -> dict[int, list[str]]:
    """Return the reviewed words of each code among `ids`, the newest first."""
    query = (
        sa.select(CodeExample.code_id, CodeExample.words)
        .where(CodeExample.code_id.in_(ids) if len(ids) < 500 else sa.true())
        .order_by(CodeExample.id.desc())
    )
    words: defaultdict[int, list[str]] = defaultdict(list)
    for code_id, text in db.session.execute(query):
        if len(words[code_id]) < MAX_LEARNT:
            words[code_id].append(text)
    return words
