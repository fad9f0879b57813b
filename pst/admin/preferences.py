"""What the office decides, checked and kept."""

from collections.abc import Mapping

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from pst.accounts.blueprint import confirmed
from pst.admin.forms import shown_settings, typed_settings
from pst.admin.queries import setting_changes
from pst.database import db
from pst.office import settings
from pst.office.setting_checks import BadValue
from pst.office.setting_values import DECLARATIONS, TITLES
from pst.web.access import admins
from pst.web.responses import SAVED, done, page

bp = Blueprint("preferences", __name__, url_prefix="/admin/pengaturan")


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    return _show({}, {})


def _show(texts: dict[str, str], errors: dict[str, str]) -> Response:
    return page(
        "preferences/index.html",
        shown={**shown_settings(settings.current()), **texts},
        errors=errors,
        declared=DECLARATIONS,
        groups=TITLES,
    )


@bp.get("/riwayat")
@admins
def history() -> ResponseReturnValue:
    """Show what was changed, from what to what, when and by whom."""
    return page(
        "preferences/history.html",
        changes=setting_changes(),
        declared=DECLARATIONS,
    )


@bp.post("")
@admins
@confirmed
def change() -> ResponseReturnValue:
    keys, errors = stored(request.form)
    if errors:
        db.session.rollback()
        return _show(request.form.to_dict(), errors), 422
    db.session.commit()
    flash(SAVED if keys else "Tidak ada yang berubah.")
    return done(url_for(".index"))


def stored(form: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Store the settings in `form`; the keys that changed, and what is wrong."""
    values, errors = typed_settings(form)
    if errors:
        return [], errors
    try:
        return settings.change(values, by_id=current_user.id), {}
    except BadValue as error:
        return [], {error.key: str(error)}
