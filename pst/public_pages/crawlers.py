"""What machines ask for first: robots.txt, the sitemap, and security.txt."""

import math
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Blueprint, Response, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from pst import clock
from pst.database import db
from pst.knowledge.models import Article
from pst.office import settings
from pst.web.access import everyone
from pst.web.responses import link

bp = Blueprint("crawlers", __name__)

# What one part of the sitemap lists; the protocol allows ten times as many.
PART_LENGTH = 5_000
AN_HOUR_S = 3600
# The public pages that change with the office and not with a row.
PAGES = (
    "public_pages.home",
    "public_pages.standard",
    "public_pages.complaints",
    "public_pages.privacy",
    "public_pages.accessibility",
    "reports.performance",
    "manuals.user",
)


@bp.get("/robots.txt")
@everyone
def robots() -> ResponseReturnValue:
    return _text(render_template("crawlers/robots.txt"))


@bp.get("/sitemap.xml")
@everyone
def sitemap() -> ResponseReturnValue:
    """List the parts of the sitemap: first the pages, then the articles."""
    published = sa.select(sa.func.count()).where(Article.published_number.is_not(None))
    parts = 1 + math.ceil(db.session.scalars(published).one() / PART_LENGTH)
    return _xml(render_template("crawlers/sitemap.xml", parts=parts))


@bp.get("/sitemap-<int:part>.xml")
@everyone
def sitemap_part(part: int) -> ResponseReturnValue:
    """List the public pages as part 0, and as each further part some articles."""
    places: list[tuple[str, datetime | None]]
    if part == 0:
        places = [(link(endpoint), None) for endpoint in PAGES]
    else:
        places = _articles(part - 1)
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


def _articles(part: int) -> list[tuple[str, datetime | None]]:
    """Return the address and time of change of the articles of one part, by id."""
    if part * PART_LENGTH > 10_000_000:
        return []
    rows = db.session.execute(
        sa.select(Article.slug, Article.published_at)
        .where(Article.published_number.is_not(None))
        .order_by(Article.id)
        .offset(part * PART_LENGTH)
        .limit(PART_LENGTH)
    )
    return [(link("knowledge.show", slug=slug), at) for slug, at in rows]


def _text(text: str) -> Response:
    return _kept(make_response(text), "text/plain; charset=utf-8")


def _xml(text: str) -> Response:
    return _kept(make_response(text), "application/xml; charset=utf-8")


def _kept(response: Response, content_type: str) -> Response:
    response.headers["Content-Type"] = content_type
    response.headers["Cache-Control"] = f"public, max-age={AN_HOUR_S}"
    return response
