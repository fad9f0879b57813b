"""Full text on PostgreSQL: an index over `words_of` (migration 0013), plain words."""

import re
import unicodedata
from collections.abc import Iterator

import sqlalchemy as sa

from pst.database.base import db
from pst.database.word_index import BEGIN_MARK, END_MARK, PASSAGE_WORDS, FullText

WORD = re.compile(r"[^\W_]+")


def find(index: FullText, words: list[str], most: int) -> list[tuple[int, str]]:
    """Return the rows with words that begin with all of `words`, newest first.

    Each comes with the passage where they stand, marked.
    """
    begins = [prefix for word in words if (prefix := fold(word))]
    columns = ", ".join(index.columns)
    query = sa.text(
        f"SELECT id, {columns} FROM {index.table}"
        f" WHERE words_of({joined(index)}) @@ CAST(:match AS tsquery)"
        " ORDER BY id DESC LIMIT :most"
    )
    values = {"match": " & ".join(f"'{each}':*" for each in begins), "most": most}
    rows = db.session.execute(query, values)
    return [(id, _best(list(filter(None, texts)), begins)) for id, *texts in rows]


def joined(index: FullText) -> str:
    """Return the expression that the index is made of."""
    return " || ' ' || ".join(f"coalesce({name}, '')" for name in index.columns)


def rebuild(index: FullText) -> None:
    """Index every row again."""
    db.session.execute(sa.text(f"REINDEX INDEX {index.name}"))


def check(index: FullText) -> None:
    """Leave the comparison to the server, which keeps the index with each row."""


def forget_removed(index: FullText, pages: int) -> bool:
    """Leave words of removed rows to VACUUM, which the server runs by itself."""
    return False


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
    starts = {max(0, min(hit, len(words) - PASSAGE_WORDS)) for hit in hits} | {0}
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
