"""The full-text index: its tables, what is written there, and its drift.

The tables are written in the article's transaction. FTS5 keeps no text of its own
(external content): a row is taken out of it only with exactly the words that went
in, and those stand in `article_index_text`.
"""

import hashlib
import secrets
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from . import indonesian
from .plain import plain

WORD, STEM = 0, 1
# From here on only words of two articles or more are mended to: a word that occurs
# once in so many texts is more often a mistake than a word.
MANY = 20_000
BATCH = 2_000
FEWEST_CONSONANTS = 3

COLUMNS = "title, labels, body, title_stems, label_stems, body_stems"

FIELDS = (
    "id, slug, category, title, labels, body, "
    "title_stems, label_stems, body_stems, fingerprint"
)
INSERT_TEXT = (
    f"INSERT INTO article_index_text ({FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
INSERT_INDEX = (
    f"INSERT INTO article_index (rowid, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
DELETE_INDEX = (
    f"INSERT INTO article_index (article_index, rowid, {COLUMNS}) "
    "VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)"
)
COUNT_WORD = (
    "INSERT INTO article_index_words (kind, form, articles) VALUES (?, ?, 1) "
    "ON CONFLICT (kind, form) DO UPDATE SET articles = articles + 1"
)
UNCOUNT_WORD = (
    "UPDATE article_index_words SET articles = articles - 1 WHERE kind = ? AND form = ?"
)


@dataclass(frozen=True)
class Document:
    """What the index knows of one published article."""

    id: int
    slug: str
    title: str
    category: str
    body: str
    tags: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()

    def fingerprint(self) -> bytes:
        """Changes whenever anything that is searched or shown changes."""
        parts = (self.slug, self.title, self.category, self.body, *self.tags)
        text = "\x1f".join((*parts, "\x1e", *self.synonyms))
        return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()

    def row(self) -> tuple[Any, ...]:
        """The article as `article_index_text` keeps it."""
        labels = dict.fromkeys(filter(None, map(str.strip, self.tags + self.synonyms)))
        texts = (clean(self.title), clean("\n".join(labels)), clean(plain(self.body)))
        roots = (
            " ".join(indonesian.stems(texts[0])),
            "\n".join(" ".join(indonesian.stems(label)) for label in labels),
            " ".join(indonesian.stems(texts[2])),
        )
        return (self.id, self.slug, self.category, *texts, *roots, self.fingerprint())


@dataclass(frozen=True)
class Drift:
    """Where the index and the articles say different things."""

    missing: tuple[int, ...] = ()
    stale: tuple[int, ...] = ()
    surplus: tuple[int, ...] = ()
    counts_are_off: bool = False

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.surplus or self.counts_are_off)


def write(connection: Connection, document: Document) -> None:
    """Put one article into the index, in place of what it had there before."""
    remove(connection, document.id)
    row = document.row()
    connection.exec_driver_sql(INSERT_TEXT, row)
    connection.exec_driver_sql(INSERT_INDEX, (row[0], *row[3:9]))
    forms = _forms(row)
    connection.exec_driver_sql(COUNT_WORD, forms)
    _move_state(connection, +1, row)
    _add_deletions(connection, [form for kind, form in forms if kind == WORD])


def remove(connection: Connection, article_id: int) -> None:
    """Take one article out of the index; nothing happens if it is not there."""
    row = connection.exec_driver_sql(
        f"SELECT {FIELDS} FROM article_index_text WHERE id = ?", (article_id,)
    ).one_or_none()
    if row is None:
        return
    connection.exec_driver_sql(DELETE_INDEX, (row[0], *row[3:9]))
    connection.exec_driver_sql(
        "DELETE FROM article_index_text WHERE id = ?", (article_id,)
    )
    connection.exec_driver_sql(UNCOUNT_WORD, _forms(row))
    _forget_unused_words(connection)
    _move_state(connection, -1, row)


def rebuild(connection: Connection, documents: Iterable[Document]) -> int:
    """Make the whole index anew, for bulk loads and repairs; how many it holds."""
    for statement in (
        "INSERT INTO article_index (article_index) VALUES ('delete-all')",
        "DELETE FROM article_index_text",
        "DELETE FROM article_index_words",
        "DELETE FROM article_index_deletions",
    ):
        connection.exec_driver_sql(statement)
    counts: Counter[tuple[int, str]] = Counter()
    total, title_length, body_length = 0, 0, 0
    for batch in _batches(documents):
        rows = [document.row() for document in batch]
        connection.exec_driver_sql(INSERT_TEXT, rows)
        connection.exec_driver_sql(INSERT_INDEX, [(r[0], *r[3:9]) for r in rows])
        for row in rows:
            counts.update(_forms(row))
            total += 1
            title_length += _length(row[6])
            body_length += _length(row[8])
    _write_counts(connection, counts, total)
    connection.exec_driver_sql(
        "UPDATE article_index_state "
        "SET articles = ?, title_length = ?, body_length = ?, version = ?",
        (total, title_length, body_length, new_version()),
    )
    connection.exec_driver_sql(
        "INSERT INTO article_index (article_index) VALUES ('optimize')"
    )
    return total


def check(connection: Connection, documents: Iterable[Document]) -> Drift:
    """Compare the index with the articles that should be in it."""
    held = {
        id: fingerprint
        for id, fingerprint in connection.exec_driver_sql(
            "SELECT id, fingerprint FROM article_index_text"
        )
    }
    total = len(held)
    missing, stale = [], []
    for document in documents:
        fingerprint = held.pop(document.id, None)
        if fingerprint is None:
            missing.append(document.id)
        elif fingerprint != document.fingerprint():
            stale.append(document.id)
    rows, counted, most = connection.exec_driver_sql(
        "SELECT (SELECT count(*) FROM article_index_docsize), "
        "(SELECT articles FROM article_index_state), "
        "(SELECT coalesce(max(articles), 0) FROM article_index_words)"
    ).one()
    counts_are_off = not (rows == counted == total >= most)
    return Drift(tuple(missing), tuple(stale), tuple(held), counts_are_off)


def ask(connection: Connection, statement: str, *lists: Collection[Any]) -> list[Any]:
    """The rows of `statement`, in which each `(*)` is one of the lists of values.

    A search asks half a dozen such questions, each different by its number of words:
    they go to the driver, since SQLAlchemy would take longer to write them anew than
    SQLite to answer them.
    """
    if not connection.in_transaction():
        connection.begin()
    for values in lists:
        marks = "(" + ",".join("?" * len(values)) + ")"
        statement = statement.replace("(*)", marks, 1)
    asked = tuple(value for values in lists for value in values)
    cursor = connection.connection.cursor()
    try:
        return list(cursor.execute(statement, asked).fetchall())
    finally:
        cursor.close()


def clean(text: str) -> str:
    """Text that SQLite can keep: no lone surrogates and no NUL."""
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\0", "")


def deletions(word: str) -> set[int]:
    """The hashes under which `word` is found: itself, it less one letter, and it
    without its vowels, as people in a hurry write."""
    forms = {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}
    if len(bones := indonesian.consonants(word)) >= FEWEST_CONSONANTS:
        forms.add("#" + bones)
    return {zlib.crc32(form.encode()) for form in forms}


def _forms(row: Any) -> list[tuple[int, str]]:
    """The distinct words and stems of one row of `article_index_text`."""
    texts, roots = " ".join(row[3:6]), " ".join(row[6:9])
    return [
        *((WORD, form) for form in set(indonesian.words(texts))),
        *((STEM, form) for form in set(roots.split())),
    ]


def new_version() -> str:
    """What the index is called after a change; never the same again."""
    return secrets.token_hex(8)


def _length(roots: str) -> int:
    return roots.count(" ") + 1


def _move_state(connection: Connection, by: int, row: Any) -> None:
    connection.exec_driver_sql(
        "UPDATE article_index_state SET version = ?, articles = articles + ?, "
        "title_length = title_length + ?, body_length = body_length + ?",
        (new_version(), by, by * _length(row[6]), by * _length(row[8])),
    )


def _add_deletions(connection: Connection, forms: list[str]) -> None:
    """Let mistakes be mended to those of `forms` that have just come to count."""
    total = connection.exec_driver_sql(
        "SELECT articles FROM article_index_state"
    ).scalar_one()
    from_articles = _enough(total)
    fresh = connection.execute(
        sa.text(
            "SELECT id, form FROM article_index_words "
            "WHERE kind = 0 AND articles = :enough AND form IN :forms"
        ).bindparams(sa.bindparam("forms", expanding=True)),
        {
            "enough": from_articles,
            "forms": [form for form in forms if indonesian.can_be_mended(form)],
        },
    ).all()
    _insert_deletions(connection, fresh)


def _insert_deletions(connection: Connection, fresh: Iterable[Any]) -> None:
    rows = [(hash, id) for id, form in fresh for hash in deletions(form)]
    if rows:
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO article_index_deletions (hash, word_id) "
            "VALUES (?, ?)",
            sorted(rows),
        )


def _forget_unused_words(connection: Connection) -> None:
    unused = connection.exec_driver_sql(
        "SELECT id, form FROM article_index_words WHERE articles <= 0"
    ).all()
    pairs = [(hash, id) for id, form in unused for hash in deletions(form)]
    if pairs:
        connection.exec_driver_sql(
            "DELETE FROM article_index_deletions WHERE hash = ? AND word_id = ?", pairs
        )
        connection.exec_driver_sql(
            "DELETE FROM article_index_words WHERE id = ?", [(id,) for id, _ in unused]
        )


def _write_counts(
    connection: Connection, counts: Counter[tuple[int, str]], total: int
) -> None:
    rows = [
        (id, kind, form, articles)
        for id, ((kind, form), articles) in enumerate(sorted(counts.items()), 1)
    ]
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO article_index_words (id, kind, form, articles) "
            "VALUES (?, ?, ?, ?)",
            rows,
        )
    enough = _enough(total)
    _insert_deletions(
        connection,
        (
            (id, form)
            for id, kind, form, articles in rows
            if kind == WORD and articles >= enough and indonesian.can_be_mended(form)
        ),
    )


def _enough(total: int) -> int:
    return 1 if total <= MANY else 2


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    rest = iter(documents)
    while batch := list(islice(rest, BATCH)):
        yield batch
