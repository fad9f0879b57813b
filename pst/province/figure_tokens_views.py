"""Tokens for other offices: made, shown once, revoked."""

from flask import Blueprint, current_app, flash, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from pst.accounts.blueprint import confirmed
from pst.database import db
from pst.province import signing
from pst.province.figure_tokens import FigureToken
from pst.web.access import admins
from pst.web.forms.fields import BaseForm, Required, text_field
from pst.web.responses import done, page

bp = Blueprint("figure_tokens", __name__, url_prefix="/admin/pengaturan/angka-bulanan")
# The token that was made a moment ago: in the cookie of its maker until it is shown.
MADE = "figure_token"


class TokenForm(BaseForm):
    name = text_field("Untuk siapa", Required(), most=120)


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    return _show(TokenForm(formdata=None), session.pop(MADE, ""))


@bp.post("")
@admins
@confirmed
def make() -> ResponseReturnValue:
    form = TokenForm()
    if not form.validate():
        return _show(form), 422
    _, token = FigureToken.issue(form.name.data or "", current_user.id)
    db.session.commit()
    session[MADE] = f"{token}.{_public_key()}"
    return done(url_for(".index"))


@bp.post("/<int:id>/pencabutan")
@admins
@confirmed
def revoke(id: int) -> ResponseReturnValue:
    db.get_or_404(FigureToken, id).revoke(current_user.id)
    db.session.commit()
    flash("Kunci dicabut. Kantor yang memakainya tidak dapat membaca angka lagi.")
    return done(url_for(".index"))


def _public_key() -> str:
    return signing.public_key(current_app.config["PST"].secret_key)


def _show(form: TokenForm, secret: str = "") -> Response:
    return page(
        "figure_tokens/index.html", form=form, made=secret, tokens=FigureToken.working()
    )
