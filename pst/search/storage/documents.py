"""The documents in the index: of any kind, each with its searchable texts."""

import hashlib
from dataclasses import dataclass
from typing import Any

from pst.search.language import indonesian
from pst.search.language.plain_text import plain_text

# The row id of a document is its kind and its source's id in one number, so that one
# kind is a range of rows: `kind << KIND_SHIFT | source_id`.
KIND_SHIFT = 40
# Kinds are numbered from 0; a feature that is one too many raises this.
MAX_KINDS = 8


@dataclass(frozen=True)
class DocumentKind:
    """One kind of document; the feature that writes them chooses a free `number`."""

    number: int

    def row_id(self, source_id: int) -> int:
        """Return the row of the document made from `source_id`."""
        return self.number << KIND_SHIFT | source_id

    @property
    def word_forms(self) -> tuple[int, int]:
        """Return under which kinds `search_word` counts its words and its stems.

        Each kind of document is counted by itself: what many tables are called does not
        become common among the articles.
        """
        return self.number * 2, self.number * 2 + 1

    @property
    def word_forms_of_others(self) -> list[int]:
        """Return under which kinds `search_word` counts words of other documents."""
        return [number * 2 for number in range(MAX_KINDS) if number != self.number]

    @property
    def rows(self) -> tuple[int, int]:
        """Return the first and the last row that documents of this kind may have."""
        return self.row_id(0), self.row_id((1 << KIND_SHIFT) - 1)


def kind_of(row_id: int) -> DocumentKind:
    """Return the kind of the document in row `row_id`."""
    return DocumentKind(row_id >> KIND_SHIFT)


def source_of(row_id: int) -> int:
    """Return the source's id of the document in row `row_id`."""
    return row_id & ((1 << KIND_SHIFT) - 1)


@dataclass(frozen=True)
class Document:
    """One document as its feature knows it; `body` is Markdown or plain text."""

    kind: DocumentKind
    source_id: int
    slug: str
    title: str
    category: str
    body: str
    tags: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()

    @property
    def id(self) -> int:
        return self.kind.row_id(self.source_id)

    def fingerprint(self) -> bytes:
        """Return a hash that changes with anything that is searched or shown."""
        parts = (self.slug, self.title, self.category, self.body, *self.tags)
        text = "\x1f".join((*parts, "\x1e", *self.synonyms))
        return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()

    def row(self) -> tuple[Any, ...]:
        """Return the document as `search_document` keeps it."""
        labels = dict.fromkeys(filter(None, map(str.strip, self.tags + self.synonyms)))
        body = storable(plain_text(self.body))
        texts = (storable(self.title), storable("\n".join(labels)), body)
        roots = (
            " ".join(indonesian.stems(texts[0])),
            "\n".join(" ".join(indonesian.stems(label)) for label in labels),
            " ".join(indonesian.stems(texts[2])),
        )
        return (self.id, self.slug, self.category, *texts, *roots, self.fingerprint())


@dataclass(frozen=True)
class Drift:
    """Where the index and its sources differ, by source id."""

    missing: tuple[int, ...] = ()
    stale: tuple[int, ...] = ()
    surplus: tuple[int, ...] = ()
    counts_are_off: bool = False

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.surplus or self.counts_are_off)


def storable(text: str) -> str:
    """Return `text` as SQLite can keep it: no lone surrogates and no NUL."""
    return text.encode("utf-8", "ignore").decode("utf-8").replace("\0", "")
