"""Merging two articles that say nearly the same."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.database import db
from pst.knowledge import queries
from pst.knowledge.editor.blueprint import bp, find
from pst.web.access import officers
from pst.web.responses import done, page


@bp.get("/<int:id>/penggabungan")
@officers
def choose_merge(id: int) -> ResponseReturnValue:
    """Show articles that say nearly the same, to merge into this one."""
    article = find(id)
    words = request.args.get("q", "").strip()[:200] or article.latest.title
    hits = [hit for hit in queries.suggestions(words, 8) if hit.source_id != id]
    return page("editor/merge.html", article=article, hits=hits, words=words)


@bp.post("/<int:id>/penggabungan")
@officers
def merge(id: int) -> ResponseReturnValue:
    other = find(request.form.get("article", 0, type=int))
    find(id).merge(other, current_user)
    db.session.commit()
    flash("Artikel digabungkan. Periksa isinya, lalu ajukan tinjauan.")
    return done(url_for(".show", id=id))
