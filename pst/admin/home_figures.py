"""The figures on the first page: which items of the catalogue, and in what order."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from pst.accounts.blueprint import confirmed
from pst.admin.forms import HomeFiguresForm
from pst.catalogue import front_page
from pst.database import db
from pst.office import settings
from pst.web.access import admins
from pst.web.responses import SAVED, done, page

bp = Blueprint("home_figures", __name__, url_prefix="/admin/pengaturan/angka-beranda")

# A page offers fewer items than this.
MAX_TICKS = 50
TOO_MANY = f"Pilih paling banyak {front_page.MAX_SHOWN}."


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    ids = front_page.ids_in(settings.current().home_indicators)
    return _show(HomeFiguresForm(formdata=None), ids)


@bp.post("")
@admins
@confirmed
def change() -> ResponseReturnValue:
    """Store what is ticked, or look for more and keep the ticks as they are."""
    form, ids = HomeFiguresForm(), _ticked()
    if request.form.get("press") == "cari":
        return _show(form, ids)
    if len(ids) > front_page.MAX_SHOWN:
        return _show(form, ids, TOO_MANY), 422
    item_ids = [str(each.item_id) for each in front_page.newest(ids)]
    settings.change({"home_indicators": ", ".join(item_ids)}, by_id=current_user.id)
    db.session.commit()
    flash(SAVED)
    return done(url_for(".index"))


def _ticked() -> list[int]:
    """Return the items that are ticked, by the numbers typed next to them."""
    ids = front_page.ids_in(" ".join(request.form.getlist("item")[:MAX_TICKS]))
    places = {id: _place(request.form.get(f"order-{id}", "")) for id in ids}
    return sorted(ids, key=lambda id: places[id])


def _place(text: str) -> int:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) < 3 else MAX_TICKS


def _show(form: HomeFiguresForm, ids: list[int], error: str = "") -> Response:
    items = front_page.newest(ids)
    words = form.q.data or ""
    return page(
        "home_figures/index.html",
        form=form,
        chosen=items,
        offered=front_page.candidates(words, ids) if words else [],
        words=words,
        error=error,
        most=front_page.MAX_SHOWN,
    )
