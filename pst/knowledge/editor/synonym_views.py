"""The groups of synonyms that the search uses, edited by officers."""

from flask import Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.database import db
from pst.knowledge.editor import queries
from pst.knowledge.editor.blueprint import bp
from pst.knowledge.forms import SynonymForm
from pst.search.language.synonym_groups import SynonymGroup
from pst.web.access import officers, staff
from pst.web.forms.fields import BaseForm
from pst.web.responses import done, page


@bp.get("/sinonim")
@staff
def synonyms() -> ResponseReturnValue:
    return _synonyms(SynonymForm(formdata=None))


@bp.post("/sinonim")
@officers
def add_synonyms() -> ResponseReturnValue:
    form = SynonymForm()
    if not form.validate():
        return _synonyms(form), 422
    group = SynonymGroup(expands=True)
    group.change(form.words, float(form.weight.data), current_user.id)
    db.session.commit()
    flash("Kelompok sinonim ditambahkan.")
    return done(url_for(".synonyms"))


@bp.get("/sinonim/<int:id>")
@officers
def synonym_group(id: int) -> ResponseReturnValue:
    group = db.get_or_404(SynonymGroup, id)
    data = {"terms": group.terms, "weight": f"{group.weight:.1f}"}
    form = SynonymForm(formdata=None, data=data)
    return page("editor/synonym_group.html", group=group, form=form)


@bp.post("/sinonim/<int:id>")
@officers
def change_synonyms(id: int) -> ResponseReturnValue:
    group = db.get_or_404(SynonymGroup, id)
    form = SynonymForm()
    if not form.validate():
        return page("editor/synonym_group.html", group=group, form=form), 422
    group.change(form.words, float(form.weight.data), current_user.id)
    db.session.commit()
    flash("Kelompok sinonim disimpan.")
    return done(url_for(".synonyms"))


@bp.post("/sinonim/<int:id>/penghapusan")
@officers
def drop_synonyms(id: int) -> ResponseReturnValue:
    db.get_or_404(SynonymGroup, id).drop(current_user.id)
    db.session.commit()
    flash("Kelompok sinonim dihapus.")
    return done(url_for(".synonyms"))


def _synonyms(form: BaseForm) -> Response:
    words = request.args.get("q", "").strip()[:100]
    groups = queries.SynonymList(words, request.args.get("hal", 1, type=int))
    return page("editor/synonyms.html", groups=groups, form=form)
