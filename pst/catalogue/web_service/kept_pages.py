"""Pages of a list that came before its run was broken off."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from pst import clock
from pst.catalogue.web_service.source_rows import CataloguePage
from pst.database import db, reading, transaction
from pst.webapi.client import Page

# Pages that came longer ago are fetched again.
PAGES_KEPT = timedelta(hours=20)


def of(name: str) -> tuple[list[Any], int, int, int | None]:
    """Return the rows of the pages that came already, and where to go on."""
    with reading():
        query = sa.select(CataloguePage).filter_by(list_name=name)
        pages = list(db.session.scalars(query.order_by(CataloguePage.page)))
        is_fresh = pages and clock.now() - pages[0].at < PAGES_KEPT
        if not is_fresh or [page.page for page in pages] != list(
            range(1, len(pages) + 1)
        ):
            return [], 0, 1, None
        rows = [row for page in pages for row in page.content["rows"]]
        return rows, len(pages), pages[-1].pages, pages[-1].total


def keep(name: str, number: int, page: Page) -> None:
    """Keep a page until its list is complete."""
    with transaction():
        if number == 1:
            forget(name)
        content = {"rows": page.rows}
        db.session.merge(
            CataloguePage(
                list_name=name,
                page=number,
                pages=page.pages,
                total=page.total,
                content=content,
                at=clock.now(),
            )
        )


def forget(name: str) -> None:
    """Drop the pages of a list, which is complete or to be read again."""
    db.session.execute(sa.delete(CataloguePage).filter_by(list_name=name))
