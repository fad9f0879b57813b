"""In how many documents each word occurs, and the hashes that find misspelt words."""

import zlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pst.search.language import indonesian

from .documents import DocumentKind, kind_of

# How counts are keyed once they are read; see `Kind.word_forms` for the tables.
WORD, STEM = 0, 1
# In an index of more documents, spelling is corrected only to words of two documents or
# more: a word that occurs in only one of them is more often a mistake.
MANY = 20_000
MIN_CONSONANTS = 3

COUNT = (
    "INSERT INTO search_word (kind, form, documents) VALUES (?, ?, 1) "
    "ON CONFLICT (kind, form) DO UPDATE SET documents = documents + 1"
)
FORGET_WORDS = "DELETE FROM search_word WHERE kind IN (?, ?)"
FORGET_DELETIONS = (
    "DELETE FROM search_deletion WHERE word_id IN "
    "(SELECT id FROM search_word WHERE kind IN (?, ?))"
)
FREE_ID = "SELECT coalesce(max(id), 0) + 1 FROM search_word"
UNCOUNT = "UPDATE search_word SET documents = documents - 1 WHERE kind = ? AND form = ?"


def add(connection: Connection, row: Any, total: int) -> None:
    """Count the words of a new row of `search_document`, one of `total`."""
    forms = forms_of(row)
    connection.exec_driver_sql(COUNT, forms)
    of_words, _ = kind_of(row[0]).word_forms
    words = [form for kind, form in forms if kind == of_words]
    _add_deletions(connection, of_words, words, _enough(total))


def subtract(connection: Connection, row: Any) -> None:
    """Subtract the words of a removed row from the counts."""
    connection.exec_driver_sql(UNCOUNT, forms_of(row))
    unused = connection.exec_driver_sql(
        "SELECT id, form FROM search_word WHERE documents <= 0"
    ).all()
    pairs = [(hash, id) for id, form in unused for hash in deletions(form)]
    if pairs:
        connection.exec_driver_sql(
            "DELETE FROM search_deletion WHERE hash = ? AND word_id = ?", pairs
        )
        connection.exec_driver_sql(
            "DELETE FROM search_word WHERE id = ?", [(id,) for id, _ in unused]
        )


def write_all(
    connection: Connection,
    kind: DocumentKind,
    counts: Counter[tuple[int, str]],
    total: int,
) -> None:
    """Replace the counts of one kind by those of all its `total` documents."""
    connection.exec_driver_sql(FORGET_DELETIONS, kind.word_forms)
    connection.exec_driver_sql(FORGET_WORDS, kind.word_forms)
    first = connection.exec_driver_sql(FREE_ID).scalar_one()
    numbered = enumerate(sorted(counts.items()), first)
    rows = [(id, *key, documents) for id, (key, documents) in numbered]
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO search_word (id, kind, form, documents) VALUES (?, ?, ?, ?)",
            rows,
        )
    enough = _enough(total)
    _insert_deletions(
        connection,
        (
            (id, form)
            for id, form_kind, form, documents in rows
            if form_kind == kind.word_forms[0]
            and documents >= enough
            and indonesian.can_be_corrected(form)
        ),
    )


def forms_of(row: Any) -> list[tuple[int, str]]:
    """Return the distinct words and stems of one row of `search_document`."""
    texts, roots = " ".join(row[3:6]), " ".join(row[6:9])
    of_words, of_stems = kind_of(row[0]).word_forms
    return [
        *((of_words, form) for form in set(indonesian.words(texts))),
        *((of_stems, form) for form in set(roots.split())),
    ]


def deletions(word: str) -> set[int]:
    """Return the hashes under which `word` is found.

    They are those of the word, of the word without one letter, and of the word without
    vowels, as people in a hurry write.
    """
    forms = {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}
    bones = indonesian.consonants(word)
    if len(bones) >= MIN_CONSONANTS:
        forms.add("#" + bones)
    return {zlib.crc32(form.encode()) for form in forms}


def _add_deletions(
    connection: Connection, form_kind: int, forms: list[str], enough: int
) -> None:
    """Allow corrections to those of `forms` that now occur often enough."""
    fresh = connection.execute(
        sa.text(
            "SELECT id, form FROM search_word "
            "WHERE kind = :kind AND documents = :enough AND form IN :forms"
        ).bindparams(sa.bindparam("forms", expanding=True)),
        {
            "kind": form_kind,
            "enough": enough,
            "forms": [form for form in forms if indonesian.can_be_corrected(form)],
        },
    ).all()
    _insert_deletions(connection, fresh)


def _insert_deletions(connection: Connection, words: Iterable[Any]) -> None:
    rows = [(hash, id) for id, form in words for hash in deletions(form)]
    if rows:
        connection.exec_driver_sql(
            "INSERT OR IGNORE INTO search_deletion (hash, word_id) VALUES (?, ?)",
            sorted(rows),
        )


def _enough(total: int) -> int:
    return 1 if total <= MANY else 2
