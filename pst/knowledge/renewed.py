"""Articles to check again since what they link to was published again.

An article links to an item of the catalogue by its address at the source, or by that of
our own page. The dates are the source's: one that was imported later is not newer.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pst import clock
from pst.catalogue.models import CatalogueItem
from pst.database import db
from pst.knowledge.article.revisions import Revision
from pst.knowledge.models import Article
from pst.office import settings
from pst.search.storage.batches import batches

OUR_PAGE = re.compile(r"/tabel/(\d{1,9})\b")
ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")
MAX_SHOWN = 20


@dataclass(frozen=True)
class RenewedSource:
    """A published article, and an item it links to that is newer than its text."""

    article_id: int
    title: str
    item: CatalogueItem
    # When the item was, or should have been, published again; None when it vanished.
    on: date | None


def renewed() -> list[RenewedSource]:
    """Return the articles whose items were renewed since, each once."""
    texts = _texts_with_links()
    items = _items({link for row in texts for link in _links(row.body, row.source)})
    articles: dict[int, RenewedSource] = {}
    zone = settings.current().zone
    today = clock.today(zone)
    for row in texts:
        written_on = row.created_at.astimezone(zone).date()
        for link in _links(row.body, row.source):
            for item in items.get(link, []):
                on = _renewal(item, written_on, today)
                if on or item.is_gone:
                    articles.setdefault(
                        row.id, RenewedSource(row.id, row.title, item, on)
                    )
    return list(articles.values())[:MAX_SHOWN]


def _renewal(item: CatalogueItem, written_on: date, today: date) -> date | None:
    """Return the last day on which the item was renewed since a text was written."""
    is_due = item.next_on is not None and item.next_on < today
    days = (item.released_on, item.updated_on, item.next_on if is_due else None)
    return max((day for day in days if day and written_on < day <= today), default=None)


def _texts_with_links() -> list[sa.Row[tuple[int, str, str, str, object]]]:
    columns = (Article.id, Revision.title, Revision.body, Revision.source)
    text = Revision.body + Revision.source
    query = (
        sa.select(*columns, Revision.created_at)
        .join(Article.published)
        .where(text.contains("/tabel/") | text.contains("://"))
        .order_by(Article.id)
    )
    return list(db.session.execute(query))


def _links(*texts: str) -> Iterator[str]:
    for text in texts:
        yield from OUR_PAGE.findall(text)
        yield from (address.rstrip(".,;") for address in ADDRESS.findall(text))


def _items(links: set[str]) -> dict[str, list[CatalogueItem]]:
    """Return the items behind links, by the link."""
    items: defaultdict[str, list[CatalogueItem]] = defaultdict(list)
    for batch in batches(sorted(links)):
        ids = [int(link) for link in batch if link.isdigit()]
        query = sa.select(CatalogueItem).where(
            CatalogueItem.id.in_(ids) | CatalogueItem.address.in_(batch)
        )
        for item in db.session.scalars(query):
            items[str(item.id)].append(item)
            items[item.address].append(item)
    return items
