"""The figures that the office keeps by hand: the twenty that are asked most."""

import secrets
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from pst import clock
from pst.catalogue import figures
from pst.catalogue.documents import write_now
from pst.catalogue.forms import FigureForm, form_of
from pst.catalogue.models import CatalogueItem
from pst.catalogue.states import Origin
from pst.database import db
from pst.office import audit
from pst.web.access import find_or_404, officers
from pst.web.responses import done, page

bp = Blueprint("office_figures", __name__, url_prefix="/petugas/angka")
LIST = "officer/angka"


def ours() -> sa.Select[Any]:
    """Return the query for the figures that the office keeps."""
    return (
        sa.select(CatalogueItem)
        .filter_by(list_name=LIST, gone_at=None)
        .options(joinedload(CatalogueItem.by))
    )


@bp.get("")
@officers
def index() -> ResponseReturnValue:
    items: list[CatalogueItem] = list(
        db.session.scalars(ours().order_by(CatalogueItem.title))
    )
    rows = [(item, figures.latest(item)) for item in items]
    return page("office_figures/index.html", shown=rows)


@bp.get("/baru")
@officers
def new() -> ResponseReturnValue:
    return _form(FigureForm(formdata=None))


@bp.post("/baru")
@officers
def create() -> ResponseReturnValue:
    form = FigureForm()
    if not form.validate():
        return _form(form), 422
    entry = form.entry(secrets.token_hex(8))
    item = CatalogueItem.add(LIST, Origin.OFFICER, entry)
    db.session.flush()
    return _keep(item, form)


@bp.get("/<int:id>")
@officers
def edit(id: int) -> ResponseReturnValue:
    item = find_or_404(ours(), id=id)
    return _form(form_of(item), item)


@bp.post("/<int:id>")
@officers
def change(id: int) -> ResponseReturnValue:
    item, form = find_or_404(ours(), id=id), FigureForm()
    if not form.validate():
        return _form(form, item), 422
    item.update(form.entry(item.source_id))
    return _keep(item, form)


@bp.post("/<int:id>/penghapusan")
@officers
def drop(id: int) -> ResponseReturnValue:
    """Take a figure out of the answers; its page stays readable."""
    item = find_or_404(ours(), id=id)
    item.vanish()
    write_now(item)
    audit.record("drop_figure", f"figure:{item.id}", current_user.id)
    db.session.commit()
    flash("Angka itu tidak lagi dipakai.")
    return done(url_for(".index"))


def _keep(item: CatalogueItem, form: FigureForm) -> Response:
    """Store the figures with who typed them, found by the search at once."""
    item.set_values(form.values)
    item.years = sorted({str(value.year) for value in form.values})
    item.last_year = max(map(int, item.years))
    item.by_id, item.changed_at = current_user.id, clock.now()
    db.session.flush()
    write_now(item)
    audit.record("keep_figure", f"figure:{item.id}", current_user.id)
    db.session.commit()
    flash("Angka disimpan dan dapat dicari.")
    return done(url_for(".index"))


def _form(form: FigureForm, item: CatalogueItem | None = None) -> Response:
    return page("office_figures/edit.html", form=form, shown=item)
