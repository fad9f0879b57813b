"""Where the catalogue comes from: key, domains, and how each list fared."""

import re
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import PasswordField
from wtforms.validators import ValidationError

from pst import clock
from pst.accounts.blueprint import confirmed
from pst.catalogue import storing
from pst.catalogue.web_service import nightly
from pst.catalogue.web_service.source_rows import CatalogueDomain, CatalogueRun
from pst.database import db
from pst.extensions import limiter
from pst.office import audit
from pst.web.access import admins
from pst.web.forms.fields import AtMost, BaseForm, text_field
from pst.web.responses import done, page
from pst.webapi.client import Webapi
from pst.webapi.source import CatalogueSource

bp = Blueprint("sources", __name__, url_prefix="/admin/sumber")
CODES = re.compile(r"[0-9]{4}")
MAX_DOMAINS = 5
FETCH_BEGINS = (
    "Pengambilan dimulai dalam satu menit. Muat ulang untuk melihat hasilnya."
)


class SourceForm(BaseForm):
    """The key and the domains; an empty key leaves the one that is kept."""

    key = PasswordField("Kunci WebAPI", [AtMost(200)])
    domains = text_field("Domain", most=60)

    @property
    def codes(self) -> list[str]:
        """The domains that were typed, each once."""
        return list(
            dict.fromkeys(re.split(r"[\s,;]+", (self.domains.data or "").strip()))
        )

    def validate_domains(self, field: object) -> None:
        if not all(map(CODES.fullmatch, self.codes)):
            raise ValidationError("Tulis kode empat angka, dipisah koma: 3304, 3300.")
        if len(self.codes) > MAX_DOMAINS:
            raise ValidationError(f"Paling banyak {MAX_DOMAINS} domain.")

    def validate_key(self, field: PasswordField) -> None:
        key = (field.data or "").strip()
        if not key.isascii() or not key.isprintable() or " " in key:
            raise ValidationError("Kunci hanya huruf, angka, dan tanda, tanpa spasi.")
        field.data = key


@dataclass(frozen=True)
class SourceRow:
    """One list on the screen: how many items it has, and its last run."""

    name: str
    items: int
    run: CatalogueRun | None

    @property
    def area(self) -> str:
        return self.name.partition("/")[0]

    @property
    def kind(self) -> str:
        return self.name.partition("/")[2]

    @property
    def reason(self) -> str:
        """Why the last run did not end well, as one word; "" when it did."""
        return self.run.fault.partition(":")[0] if self.run else ""


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    source = CatalogueSource.current()
    codes = ", ".join(source.domains) if source else ""
    return _show(SourceForm(formdata=None, domains=codes))


@bp.post("")
@admins
@confirmed
def change() -> ResponseReturnValue:
    if request.form.get("press") == "uji":  # a browser that knows no formaction
        return try_out()
    form = SourceForm()
    if not form.validate():
        return _show(form), 422
    CatalogueSource.change(form.key.data or "", form.codes, current_user.id)
    audit.record("change_source", "catalogue", current_user.id, domains=form.codes)
    db.session.commit()
    flash("Sumber disimpan. Daftar diambil malam nanti, atau sekarang bila diminta.")
    return done(url_for(".index"))


@bp.post("/uji")
@admins
@limiter.limit("12/minute")
def try_out() -> ResponseReturnValue:
    """Ask for one list of each domain and show what comes; nothing is stored."""
    form = SourceForm()
    if not form.validate():
        return _show(form), 422
    source = CatalogueSource.current()
    key = form.key.data or (source.key if source else "")
    db.session.rollback()  # no other request waits while another machine is asked
    api = Webapi(current_app.config["PST"].webapi_url, key, is_brief=True)
    return _show(form, nightly.try_out(api, form.codes))


@bp.post("/pengambilan")
@admins
def fetch() -> ResponseReturnValue:
    """Ask for a run before its night; the timetable looks every minute."""
    source = CatalogueSource.current()
    if source is None or not source.key:
        abort(409)
    source.wanted_at = clock.now()
    db.session.commit()
    flash(FETCH_BEGINS)
    return done(url_for(".index"))


@bp.post("/daftar/<path:name>/penerimaan")
@admins
def accept(name: str) -> ResponseReturnValue:
    """Let the next run take over a list that is far shorter than before."""
    run = db.get_or_404(CatalogueRun, name)
    source = CatalogueSource.current()
    run.may_shrink = True
    if source is not None:
        source.wanted_at = clock.now()
    db.session.commit()
    flash("Daftar itu diambil lagi dan diterima apa adanya.")
    return done(url_for(".index"))


def _show(form: SourceForm, trials: list[nightly.Trial] | None = None) -> Response:
    source = CatalogueSource.current()
    runs = {run.list_name: run for run in db.session.scalars(sa.select(CatalogueRun))}
    counts = storing.lists()
    names = sorted(runs.keys() | counts.keys())
    rows = db.session.execute(sa.select(CatalogueDomain.code, CatalogueDomain.name))
    return page(
        "sources/index.html",
        form=form,
        source=source,
        rows=[SourceRow(name, counts.get(name, 0), runs.get(name)) for name in names],
        areas={code: name for code, name in rows},
        trials=trials,
        base=current_app.config["PST"].webapi_url,
    )
