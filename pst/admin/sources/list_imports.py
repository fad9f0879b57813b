"""Lists of codes and regions, brought in by the admin on the screen of the sources."""

from collections.abc import Callable
from typing import BinaryIO

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.admin.sources.list_forms import (
    CodesForm,
    ConversionForm,
    ListForm,
    RegionsForm,
)
from pst.admin.sources.list_queries import Lists
from pst.admin.sources.views import FETCH_BEGINS
from pst.classifications.importing import conversion_import
from pst.classifications.importing import editions as code_lists
from pst.classifications.importing import fetching as code_fetching
from pst.database import db
from pst.list_files.problems import BadList
from pst.list_files.runs import ListSource, ListWish
from pst.regions import importing as region_lists
from pst.web.access import admins
from pst.web.responses import done, page, safe_next

bp = Blueprint("list_imports", __name__, url_prefix="/admin/sumber/daftar")
# Brings a file in, for an admin; returns how many rows were made, changed and so on.
Importer = Callable[[BinaryIO, str, int], dict[str, int]]


@bp.app_template_global("imported_lists")
def imported_lists() -> Lists:
    """Return what the screen of the sources shows of these lists."""
    return Lists()


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    return page("list_imports/index.html")


@bp.post("/kode")
@admins
def codes() -> ResponseReturnValue:
    form = CodesForm()

    def bring_in(file: BinaryIO, name: str, by_id: int) -> dict[str, int]:
        source = ListSource(form.source.data or name, by_id)
        withdraws = bool(form.withdraws.data)
        return code_lists.bring_in(form.slug, file, source, withdraws).counts

    return _import(form, bring_in, "codes")


@bp.post("/kesesuaian")
@admins
def conversion() -> ResponseReturnValue:
    form = ConversionForm()

    def bring_in(file: BinaryIO, name: str, by_id: int) -> dict[str, int]:
        slugs = (form.before.data or "", form.after.data or "")
        source = ListSource(name, by_id)
        return conversion_import.bring_in(slugs, file, source)

    return _import(form, bring_in, "conversion")


@bp.post("/wilayah")
@admins
def regions() -> ResponseReturnValue:
    form = RegionsForm()

    def bring_in(file: BinaryIO, name: str, by_id: int) -> dict[str, int]:
        source = ListSource(name, by_id)
        withdraws = bool(form.withdraws.data)

        def read() -> region_lists.ReadList:
            return region_lists.read(file)

        return region_lists.bring_in(read, source, withdraws).counts

    return _import(form, bring_in, "regions")


@bp.post("/pengambilan")
@admins
def fetch() -> ResponseReturnValue:
    """Ask for a list of the WebAPI; the timetable fetches it within a minute."""
    name = request.form.get("list", "")
    if name not in (*code_fetching.OFFERED, region_lists.NAME):
        abort(400)
    ListWish.make(name, current_user.id)
    db.session.commit()
    flash(FETCH_BEGINS)
    return done(url_for(".index"))


def _import(form: ListForm, bring_in: Importer, name: str) -> ResponseReturnValue:
    """Bring a file in while no one waits to write, and say what came of it."""
    if not form.validate():
        return page("list_imports/index.html", refused=name, form=form), 422
    file, by_id = form.file.data, current_user.id
    db.session.rollback()
    try:
        counts = bring_in(file.stream, file.filename or "berkas", by_id)
    except BadList as refusal:
        answer = page(
            "list_imports/index.html", refused=name, form=form, refusal=refusal
        )
        return answer, 422
    flash(
        f"Selesai: {counts['made']} baru, {counts['changed']} berubah,"
        f" {counts['withdrawn']} dihapus, {counts['same']} tetap."
    )
    return done(safe_next(request.form.get("next"), url_for(".index")))
