"""An Atom feed (RFC 4287) of new and changed articles, and of what BPS released."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from pst import clock
from pst.catalogue.models import CatalogueItem
from pst.catalogue.states import Origin
from pst.database import db
from pst.knowledge.models import Article
from pst.knowledge.previews.sharing import DESCRIPTION_LENGTH, description
from pst.web.access import everyone
from pst.web.responses import link

bp = Blueprint("feeds", __name__)
LENGTH = 30


@dataclass(frozen=True)
class FeedEntry:
    """One entry of the feed."""

    title: str
    address: str
    published_at: datetime
    changed_at: datetime
    summary: str


@bp.get("/umpan.xml")
@everyone
def newest() -> ResponseReturnValue:
    entries = sorted(
        [*_articles(), *_releases()], key=lambda each: each.changed_at, reverse=True
    )[:LENGTH]
    changed_at = entries[0].changed_at if entries else clock.now()
    response = make_response(
        render_template("feeds/newest.xml", entries=entries, changed_at=changed_at)
    )
    response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=900"
    return response


def _articles() -> Iterator[FeedEntry]:
    query = (
        sa.select(Article)
        .where(Article.published_number.is_not(None))
        .options(joinedload(Article.published))
        .order_by(Article.published_at.desc(), Article.id.desc())
        .limit(LENGTH)
    )
    for article in db.session.scalars(query):
        revision, at = article.published, article.published_at
        if revision is not None and at is not None:
            address = link("knowledge.show", slug=article.slug)
            about = description(revision)
            yield FeedEntry(revision.title, address, article.created_at, at, about)


def _releases() -> Iterator[FeedEntry]:
    """Yield what was added to the catalogue last, invented items left out."""
    query = (
        sa.select(CatalogueItem)
        .where(CatalogueItem.gone_at.is_(None), CatalogueItem.origin != Origin.DEMO)
        .order_by(CatalogueItem.id.desc())
        .limit(LENGTH)
    )
    for item in db.session.scalars(query):
        address = link("catalogue.show", id=item.id)
        about = item.abstract[:DESCRIPTION_LENGTH]
        yield FeedEntry(item.title, address, item.added_at, item.added_at, about)
