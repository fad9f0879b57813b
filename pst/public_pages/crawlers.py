"""What machines ask for first: robots.txt, the sitemap, and security.txt."""

import math
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from pst import clock
from pst.catalogue.models import CatalogueItem
from pst.catalogue.states import Origin
from pst.classifications.models import Classification
from pst.database import db
from pst.knowledge.models import Article
from pst.office import settings
from pst.web.access import everyone
from pst.web.responses import link

bp = Blueprint("crawlers", __name__)

# What one part of the sitemap lists; the protocol allows ten times as many.
PART_LENGTH, MAX_PARTS = 5_000, 10_000
AN_HOUR_S = 3600
# The public pages that change with the office and not with a row.
PAGES = (
    "public_pages.home",
    "public_pages.standard",
    "public_pages.complaints",
    "public_pages.privacy",
    "public_pages.accessibility",
    "reports.performance",
    "classifications.index",
    "manuals.user",
)


@bp.get("/robots.txt")
@everyone
def robots() -> ResponseReturnValue:
    return _text(render_template("crawlers/robots.txt"))


@bp.get("/sitemap.xml")
@everyone
def sitemap() -> ResponseReturnValue:
    """List the parts of the sitemap: the pages, the articles, the catalogue."""
    addresses = [link("crawlers.sitemap_pages")]
    for name, rows in LISTS.items():
        count = db.session.scalars(_count(rows())).one()
        addresses += [
            link("crawlers.sitemap_part", name=name, part=part)
            for part in range(1, math.ceil(count / PART_LENGTH) + 1)
        ]
    return _xml(render_template("crawlers/sitemap.xml", addresses=addresses))


@bp.get("/sitemap-halaman.xml")
@everyone
def sitemap_pages() -> ResponseReturnValue:
    """List the public pages that are not part of another."""
    editions = [
        (link("classifications.edition", slug=each.slug), each.imported_at)
        for each in Classification.all()
        if not each.is_example
    ]
    places = [(link(endpoint), None) for endpoint in PAGES]
    return _xml(
        render_template("crawlers/sitemap_part.xml", places=[*places, *editions])
    )


@bp.get("/sitemap-<name>-<int:part>.xml")
@everyone
def sitemap_part(name: str, part: int) -> ResponseReturnValue:
    """List some articles or items of the catalogue, by id; the first part is 1."""
    if name not in LISTS or not 1 <= part <= MAX_PARTS:
        abort(404)
    rows = LISTS[name]().offset((part - 1) * PART_LENGTH).limit(PART_LENGTH)
    endpoint, argument = ENDPOINTS[name]
    places = [
        (link(endpoint, **{argument: key}), changed_at)
        for key, changed_at in db.session.execute(rows)
    ]
    if not places:
        abort(404)
    return _xml(render_template("crawlers/sitemap_part.xml", places=places))


@bp.get("/.well-known/security.txt")
@everyone
def security() -> ResponseReturnValue:
    """Return where to report a hole, as RFC 9116 has it; 404 without an address."""
    if not settings.current().email:
        abort(404)
    # RFC 9116 allows a year; it is written again with every answer.
    expires = (clock.now() + timedelta(days=180)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    return _text(render_template("crawlers/security.txt", expires=expires))


def _articles() -> sa.Select[Any, Any]:
    """Select what finds each published article, and when it changed."""
    return (
        sa.select(Article.slug, Article.published_at)
        .where(Article.published_number.is_not(None))
        .order_by(Article.id)
    )


def _items() -> sa.Select[Any, Any]:
    """Select what finds each item that is still published, invented ones left out."""
    return (
        sa.select(CatalogueItem.id, CatalogueItem.changed_at)
        .where(CatalogueItem.gone_at.is_(None), CatalogueItem.origin != Origin.DEMO)
        .order_by(CatalogueItem.id)
    )


def _count(rows: sa.Select[Any, Any]) -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(rows.order_by(None).subquery())


LISTS = {"artikel": _articles, "tabel": _items}
ENDPOINTS = {"artikel": ("knowledge.show", "slug"), "tabel": ("catalogue.show", "id")}


def _text(text: str) -> Response:
    return _cacheable(make_response(text), "text/plain; charset=utf-8")


def _xml(text: str) -> Response:
    return _cacheable(make_response(text), "application/xml; charset=utf-8")


def _cacheable(response: Response, content_type: str) -> Response:
    response.headers["Content-Type"] = content_type
    response.headers["Cache-Control"] = f"public, max-age={AN_HOUR_S}"
    return response
