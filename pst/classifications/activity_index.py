"""The full-text index of codes: one row a code, its words apart by where they stand.

What a code excludes is kept in the row but not indexed: no word of it finds the code.
"""

from typing import Any

import sqlalchemy as sa

from pst.classifications import activity_words, descriptions, examples
from pst.classifications.models import Classification, Code
from pst.database import db
from pst.search import indonesian

INSERT = (
    "INSERT INTO code_index (rowid, title, examples, covers, context, words, excludes, "
    "edition_id, depth, kind) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
# Openings that every description has.
EMPTY_WORDS = frozenset(
    indonesian.stems(
        "kelompok golongan subgolongan kategori ini mencakup termasuk meliputi usaha"
        " kegiatan juga aktivitas jasa lainnya ytdl dan atau yang di dengan"
    )
)


def rebuild(edition: Classification) -> None:
    """Index all codes of an edition, in the transaction that changed them."""
    connection = db.session.connection()
    connection.exec_driver_sql(
        "DELETE FROM code_index WHERE edition_id = ?", (edition.id,)
    )
    query = sa.select(Code).where(
        Code.classification_id == edition.id, Code.withdrawn_at.is_(None)
    )
    codes = {code.id: code for code in db.session.scalars(query)}
    words = examples.learnt(codes)
    rows = [_row(c, _above(c, codes), words.get(c.id, [])) for c in codes.values()]
    if rows:
        connection.exec_driver_sql(INSERT, rows)


def write(code: Code) -> None:
    """Index one code again, after its examples changed."""
    connection = db.session.connection()
    connection.exec_driver_sql("DELETE FROM code_index WHERE rowid = ?", (code.id,))
    if code.withdrawn_at is not None:
        return
    above, parent = [], code.parent
    while parent is not None:
        above.append(parent)
        parent = parent.parent
    words = examples.learnt([code.id]).get(code.id, [])
    connection.exec_driver_sql(INSERT, _row(code, above, words))


def _above(code: Code, codes: dict[int, Code]) -> list[Code]:
    above: list[Code] = []
    parent = codes.get(code.parent_id or 0)
    while parent is not None:
        above.append(parent)
        parent = codes.get(parent.parent_id or 0)
    return above


def _row(code: Code, above: list[Code], learnt: list[str]) -> tuple[Any, ...]:
    title = descriptions.own_words(code.title)
    lines = [descriptions.own_words(each) for each in code.examples] + learnt
    titles = [title, *(descriptions.own_words(each.title) for each in above)]
    texts = " ".join([title, *lines, code.covers])
    return (
        code.id,
        _stems(title),
        "\n".join(map(_stems, lines)),
        _stems(code.covers),
        _stems(" ".join(titles[1:])),
        " ".join(dict.fromkeys(indonesian.words(texts))),
        _stems(code.excludes),
        code.classification_id,
        code.depth,
        activity_words.kind_of(*titles) if code.depth > 1 else None,
    )


def _stems(text: str) -> str:
    return " ".join(s for s in indonesian.stems(text) if s not in EMPTY_WORDS)
