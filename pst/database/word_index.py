"""An index of the words in some columns of a table, which the database keeps itself."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from pst.database.base import db

# Around the words that matched, in a passage.
BEGIN_MARK, END_MARK = "\x02", "\x03"
PASSAGE_WORDS = 24
# So many places of a text are looked at for the passage with the most of the words; a
# word that is repeated a thousand times costs no more.
MAX_PLACES = 50
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class FullText:
    """The words of `columns` in `table`; both engines know the index by its name."""

    name: str
    table: str
    columns: tuple[str, ...]

    def passages(self, ids: list[int], words: list[str]) -> dict[int, str]:
        """Return the passage of each row where `words` stand, marked."""
        if not ids:
            return {}
        query = sa.text(
            f"SELECT id, {', '.join(self.columns)} FROM {self.table} WHERE id IN :ids"
        ).bindparams(sa.bindparam("ids", expanding=True))
        begins = [begin for word in words if (begin := fold(word))]
        rows = db.session.execute(query, {"ids": ids})
        return {id: _best(list(filter(None, texts)), begins) for id, *texts in rows}


def fold(word: str) -> str:
    """Return `word` as `words_of` has it: small letters without marks."""
    apart = unicodedata.normalize("NFD", word.lower())
    return "".join(each for each in apart if not unicodedata.combining(each))


def _best(texts: list[str], begins: list[str]) -> str:
    """Return the passage with the most of the words, of the first text that has it."""
    passages = [_passage(text, begins) for text in texts]
    return max(passages, key=lambda scored: scored[0], default=(0, ""))[1]


def _passage(text: str, begins: list[str]) -> tuple[int, str]:
    """Return how many of the words a passage of `text` has, and the passage."""
    words = list(WORD.finditer(text))
    hits = {
        place: begin
        for place, word in enumerate(words)
        if (begin := next(filter(fold(word[0]).startswith, begins), None))
    }
    looked_at = list(hits)[:MAX_PLACES]
    starts = {max(0, min(hit, len(words) - PASSAGE_WORDS)) for hit in looked_at} | {0}
    score, first = max(
        (len({hits[p] for p in range(s, s + PASSAGE_WORDS) if p in hits}), -s)
        for s in starts
    )
    extent = words[-first : PASSAGE_WORDS - first]
    return score, "".join(_marked(text, words, extent, hits))


def _marked(
    text: str, words: list[re.Match[str]], excerpt: list[re.Match[str]], hits: dict
) -> Iterator[str]:
    if not excerpt:
        yield text[:200]
        return
    is_whole_begin, is_whole_end = excerpt[0] is words[0], excerpt[-1] is words[-1]
    place = 0 if is_whole_begin else excerpt[0].start()
    yield "" if is_whole_begin else "…"
    starts = {words[hit].start() for hit in hits}
    for word in excerpt:
        yield text[place : word.start()]
        is_hit = word.start() in starts
        yield f"{BEGIN_MARK}{word[0]}{END_MARK}" if is_hit else word[0]
        place = word.end()
    yield text[place:] if is_whole_end else "…"
