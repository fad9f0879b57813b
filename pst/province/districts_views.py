"""The offices that the province collects from: listed, tried, removed."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms.validators import ValidationError

from pst.accounts.blueprint import confirmed
from pst.database import db
from pst.extensions import limiter
from pst.province import signing
from pst.province.collecting import collect_from, note_lamp, usual_periods
from pst.province.districts import MAX_ADDRESS_LENGTH, MAX_NAME_LENGTH, District
from pst.web.access import admins
from pst.web.forms.fields import BaseForm, Required, text_field
from pst.web.responses import done, page

bp = Blueprint("districts", __name__, url_prefix="/admin/pengaturan/kantor-kabupaten")
MAX_CODE_LENGTH = 160
BAD_ADDRESS = "Tulis alamatnya seperti https://pst.contoh.go.id."


class DistrictForm(BaseForm):
    """One office, with the code that its admin was shown."""

    name = text_field("Nama kantor", Required(), most=MAX_NAME_LENGTH)
    address = text_field("Alamat layanan", Required(), most=MAX_ADDRESS_LENGTH)
    code = text_field("Kode sambungan", Required(), most=MAX_CODE_LENGTH)

    def validate_address(self, field: Any) -> None:
        try:
            parts = urlsplit(field.data or "")
            is_address = bool(parts.hostname) and parts.port != 0
        except ValueError:  # brackets, or a port, that are none
            raise ValidationError(BAD_ADDRESS) from None
        private = current_app.config["PST"].outward.private_hosts
        is_safe = parts.scheme == "https" or (parts.hostname or "") in private
        is_bare = not (parts.query or parts.fragment or parts.username)
        if parts.scheme not in ("http", "https") or not (is_address and is_bare):
            raise ValidationError(BAD_ADDRESS)
        if not is_safe:
            raise ValidationError("Alamat harus dimulai dengan https://.")
        field.data = field.data.rstrip("/")

    def validate_code(self, field: Any) -> None:
        token, _, key = (field.data or "").partition(".")
        is_plain = token.isascii() and token.replace("-", "").replace("_", "").isalnum()
        if not is_plain or not signing.is_key(key):
            raise ValidationError("Kode tidak lengkap. Salin seluruhnya.")

    @property
    def secrets(self) -> tuple[str, str]:
        """The token, and the key of the office's seal."""
        token, _, key = (self.code.data or "").partition(".")
        return token, key


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    return _show(DistrictForm(formdata=None))


@bp.post("")
@admins
@confirmed
def put() -> ResponseReturnValue:
    form = DistrictForm()
    if not form.validate():
        return _show(form), 422
    name, address = form.name.data or "", form.address.data or ""
    District.put(name, address, *form.secrets, current_user.id)
    db.session.commit()
    flash("Kantor disimpan. Angkanya diambil malam nanti, atau sekarang bila diminta.")
    return done(url_for(".index"))


@bp.post("/<int:id>/pengambilan")
@admins
@limiter.limit("30/minute")
def ask(id: int) -> ResponseReturnValue:
    """Ask one office now."""
    name = db.get_or_404(District, id).name
    db.session.rollback()  # no other request waits while another machine is asked
    outcomes = collect_from(id, usual_periods())
    note_lamp()
    is_well = bool(outcomes) and not outcomes[-1].fault
    flash(f"{name}: {'angkanya sudah diambil.' if is_well else 'tidak berhasil.'}")
    return done(url_for(".index"))


@bp.post("/<int:id>/penghapusan")
@admins
@confirmed
def remove(id: int) -> ResponseReturnValue:
    db.get_or_404(District, id).remove(current_user.id)
    db.session.commit()
    flash("Kantor dihapus dari daftar, beserta angka yang dikirimnya.")
    return done(url_for(".index"))


def _show(form: DistrictForm) -> Any:
    return page("districts/index.html", form=form, districts=District.all())
