"""The versions of an article, for officers: compared, and restored."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.database import db
from pst.knowledge.article.versions import Versions
from pst.knowledge.editor.blueprint import bp, find
from pst.web.access import officers, staff
from pst.web.responses import done, page


@bp.get("/<int:id>/versi/<int:number>")
@staff
def version(id: int, number: int) -> ResponseReturnValue:
    """Show one version, compared with the one before it or with the newest."""
    article = find(id)
    versions = Versions(article, number, request.args.get("dengan", type=int))
    return page("editor/version.html", article=article, versions=versions)


@bp.post("/<int:id>/versi/<int:number>/pemulihan")
@officers
def restore_version(id: int, number: int) -> ResponseReturnValue:
    article = find(id)
    old = Versions(article, number).revision
    article.write(old.content, current_user, article.number)
    db.session.commit()
    flash(f"Versi {number} dipulihkan sebagai draf baru.")
    return done(url_for(".show", id=id))
