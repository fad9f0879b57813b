"""Catalogue items as documents of the search index."""

import re
from collections.abc import Iterator
from functools import partial

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pst.catalogue.models import CatalogueItem, CatalogueValue
from pst.database import db, transaction
from pst.search import engine
from pst.search.storage import store
from pst.search.storage.batches import unhurried_batches
from pst.search.storage.sources import DocumentSource, register

ITEM = engine.DocumentKind(1)
MAX_NAMES = 60
# Where a title begins to say by what, where and when.
TAIL = re.compile(
    r"\s(?:menurut|berdasarkan|per)\s(?!kapita)|\sdi\s(?:kab|kota|prov|kec|indo)"
    r"|,?\s(?:tahun\s)?(?:19|20)\d\d\b",
    re.IGNORECASE,
)
MIN_CORE = 6
# How people write what titles write with hyphens, which part a word in the index.
SPOKEN = {"y-on-y": "yoy", "m-to-m": "mtm", "q-to-q": "qtq", "c-to-c": "ctc"}


def document_of(item: CatalogueItem, names: list[str]) -> engine.Document:
    """Return an item as the search index has it; `names` are of areas and parts."""
    years = " ".join(item.years[-30:])
    words = re.split(r"[\s(),.]+", f"{item.title} {item.abstract}")
    slang = " ".join(SPOKEN.get(word, "") for word in words)
    texts = (item.title, slang.strip(), item.abstract, item.title_en, item.note, years)
    body = "\n".join(filter(None, (*texts, "; ".join(names))))
    return engine.Document(
        ITEM,
        item.id,
        str(item.id),
        core_title(item.title),
        item.kind.value,
        body,
        tuple(filter(None, (item.subject, item.unit, item.area))),
    )


def core_title(title: str) -> str:
    """Return what a title is about, without its breakdown, place and time.

    "Jumlah Penduduk Menurut Kecamatan dan Jenis Kelamin, 2019-2025" is about *Jumlah
    Penduduk*; with all those words a shorter title of something else would be nearer.
    """
    core = TAIL.split(title, maxsplit=1)[0].strip(" ,-–(")
    return core if len(core) >= MIN_CORE else title


def documents(ids: list[int] | None = None) -> Iterator[engine.Document]:
    """Yield the documents of all items, or of those of `ids`."""
    query = sa.select(CatalogueItem).order_by(CatalogueItem.id)
    if ids is not None:
        query = query.where(CatalogueItem.id.in_(ids))
    names = _names(ids)
    for item in db.session.scalars(query.execution_options(yield_per=500)):
        yield document_of(item, names.get(item.id, []))


def write_pending() -> int:
    """Index what changed, a few in each transaction; return how many."""
    query = sa.select(CatalogueItem.id).where(~CatalogueItem.is_indexed)
    ids = list(db.session.scalars(query))
    db.session.rollback()
    for batch in unhurried_batches(ids):
        with transaction():
            store.change(ITEM.number, batch, partial(_write, batch))
            db.session.execute(
                sa.update(CatalogueItem)
                .where(CatalogueItem.id.in_(batch))
                .values(is_indexed=True)
            )
    return len(ids)


def write_now(item: CatalogueItem) -> None:
    """Index one item in the transaction that changed it."""
    db.session.flush()
    store.change(ITEM.number, [item.id], partial(_write, [item.id]))
    item.is_indexed = True


def _write(ids: list[int], connection: Connection) -> None:
    for document in documents(ids):
        engine.write(connection, document)


def _names(ids: list[int] | None) -> dict[int, list[str]]:
    """Return what the figures of each item are for: areas and breakdowns."""
    row = CatalogueValue
    query = sa.select(row.item_id, row.area, row.breakdown).distinct()
    if ids is not None:
        query = query.where(row.item_id.in_(ids))
    names: dict[int, list[str]] = {}
    for id, area, breakdown in db.session.execute(
        query.order_by(row.area, row.breakdown)
    ):
        labels = names.setdefault(id, [])
        labels += [name for name in (area, breakdown) if name and name not in labels]
    return {id: sorted(each)[:MAX_NAMES] for id, each in names.items()}


def _count() -> int:
    return db.session.scalar(sa.select(sa.func.count(CatalogueItem.id))) or 0


register(DocumentSource(ITEM, "catalogue", documents, _count))
