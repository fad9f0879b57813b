"""An Atom feed (RFC 4287) of new and changed articles."""

import sqlalchemy as sa
from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from pst import clock
from pst.database import db
from pst.knowledge.models import Article
from pst.web.access import everyone

bp = Blueprint("feeds", __name__)
LENGTH = 30


@bp.get("/umpan.xml")
@everyone
def articles() -> ResponseReturnValue:
    query = (
        sa.select(Article)
        .where(Article.published_number.is_not(None))
        .options(joinedload(Article.published))
        .order_by(Article.published_at.desc(), Article.id.desc())
        .limit(LENGTH)
    )
    entries = list(db.session.scalars(query))
    changed_at = entries[0].published_at if entries else clock.now()
    response = make_response(
        render_template("feeds/articles.xml", entries=entries, changed_at=changed_at)
    )
    response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=900"
    return response
