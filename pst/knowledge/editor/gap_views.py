"""What people look for and the articles do not answer, shown to officers."""

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from pst.database import db
from pst.knowledge.editor.blueprint import bp
from pst.knowledge.searches.gaps import Gaps
from pst.knowledge.searches.gaps import settle as settle_gap
from pst.web.access import officers, staff
from pst.web.responses import done, page


@bp.get("/kebutuhan")
@staff
def gaps() -> ResponseReturnValue:
    return page("editor/gaps.html", gaps=Gaps())


@bp.post("/kebutuhan/selesai")
@officers
def settle() -> ResponseReturnValue:
    settle_gap(request.form.get("meaning", ""))
    db.session.commit()
    flash("Kebutuhan ditandai selesai.")
    return done(url_for(".gaps"))
