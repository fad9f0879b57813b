"""Articles whose source was published again since they were written."""

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from pst.catalogue import storing
from pst.catalogue.entries import ItemEntry
from pst.catalogue.models import CatalogueItem
from pst.catalogue.states import ItemKind, Origin
from pst.database import db, transaction
from pst.knowledge.article.content import Content, Topic
from pst.knowledge.exchange import importing
from pst.knowledge.renewed import renewed

ADDRESS = "https://contoh.test/id/statistics-table/2/abc/penduduk.html"
ENTRY = ItemEntry("p", ItemKind.TABLE, "Jumlah Penduduk", address=ADDRESS)


@pytest.fixture(autouse=True)
def article(context: None, at) -> None:
    """An article of 2 March 2026 that links to the item, and one that does not."""
    body = f"Lihat [tabelnya]({ADDRESS}). Sumber lain: https://contoh.test/."
    article = Content(title="Jumlah penduduk", body=body, topic=Topic.DATA)
    with transaction():
        importing.load(
            {"penduduk": article, "lain": replace(article, title="Lain", body="–")}
        )


def store(**facts: object) -> None:
    storing.take_over("file/x", Origin.FILE, [replace(ENTRY, **facts)])


@pytest.mark.parametrize(
    ("facts", "on"),
    [
        ({}, None),
        ({"released_on": date(2026, 3, 2)}, None),
        ({"released_on": date(2026, 3, 3)}, date(2026, 3, 3)),
        ({"updated_on": date(2026, 3, 20)}, date(2026, 3, 20)),
        ({"next_on": date(2026, 4, 1)}, None),
        ({"next_on": date(2026, 3, 31)}, date(2026, 3, 31)),
        # It passed before the article was written, which knew of it.
        ({"next_on": date(2026, 2, 1)}, None),
    ],
)
def test_an_article_is_listed_when_its_item_is_newer(at, facts, on):
    at("2026-04-01 09:00+07:00")
    store(**facts)

    rows = [(each.title, each.on) for each in renewed()]

    assert rows == ([("Jumlah penduduk", on)] if on else [])


def test_an_article_whose_item_vanished_is_listed(at):
    store()
    storing.take_over("file/x", Origin.FILE, [])

    assert [(each.title, each.on) for each in renewed()] == [("Jumlah penduduk", None)]


def test_our_own_page_of_an_item_counts_as_a_link(at):
    store(released_on=date(2026, 3, 20))
    id = db.session.scalar(sa.select(CatalogueItem.id))
    db.session.rollback()
    body = f"Lihat [halaman ini](/tabel/{id})."
    with transaction():
        content = Content(title="Dua", body=body, topic=Topic.DATA)
        importing.load({"dua": content})
    at("2026-04-01 09:00+07:00")

    assert {each.title for each in renewed()} == {"Jumlah penduduk", "Dua"}
