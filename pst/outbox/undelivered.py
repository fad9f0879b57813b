"""What officers see of the mails: which did not arrive, *Kirim ulang*, *Abaikan*."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.database import PlainSelect, db
from pst.office import audit
from pst.outbox.models import Delivery, OutboxMail
from pst.outbox.servers import MailServer
from pst.web.access import officers
from pst.web.forms.fields import UNPRESSED
from pst.web.responses import done, page

bp = Blueprint("undelivered", __name__, url_prefix="/petugas/surel-gagal")
MAX_ROWS = 100


def find(id: int) -> OutboxMail:
    return db.first_or_404(failed().filter_by(id=id))


def failed() -> sa.Select[Any]:
    """Select what was given up and still needs a person."""
    return sa.select(OutboxMail).filter_by(state=Delivery.FAILED, dismissed_at=None)


COUNT = PlainSelect(failed().with_only_columns(sa.func.count().label("total")))


@bp.app_template_global()
def undelivered_count() -> int:
    """Return how many mails were given up."""
    return int(COUNT.first().total)


@bp.app_template_global()
def mail_server() -> MailServer | None:
    """Return how the mail server is, if mails were ever tried."""
    return MailServer.find()


@bp.get("")
@officers
def index() -> ResponseReturnValue:
    return _page()


@bp.post("")
@officers
def decide() -> ResponseReturnValue:
    """Send again or dismiss one mail, those that are ticked, or all of the list."""
    which = request.form.get("resend") or request.form.get("ignore")
    if not which:
        return _page(refused=UNPRESSED), 422
    rows = _mails_of(which)
    if "resend" in request.form:
        count = _each(rows, OutboxMail.send_again, "send_again")
        message = f"{count} email akan dikirim lagi."
    else:
        count = _each(rows, OutboxMail.dismiss, "dismiss_mail")
        message = f"{count} email diabaikan."
    flash(message if count else "Belum ada email yang dipilih.")
    return done(url_for(".index"))


def _page(refused: str = "") -> Response:
    """Show the newest mails that did not arrive; their text is the addressee's."""
    letters = db.session.scalars(_newest()).all()
    return page("undelivered/index.html", letters=letters, refused=refused)


def _newest() -> sa.Select[Any]:
    return failed().order_by(OutboxMail.id.desc()).limit(MAX_ROWS)


def _mails_of(which: str) -> Sequence[OutboxMail]:
    """Return all mails of the list, those that were ticked, or the one of an id."""
    if which == "semua":
        return db.session.scalars(_newest()).all()
    if which != "dipilih":
        id = int(which) if which.isascii() and which.isdecimal() else 0
        return [find(id)]
    ids = request.form.getlist("mail", type=int)[:MAX_ROWS]
    return db.session.scalars(_newest().where(OutboxMail.id.in_(ids))).all()


def _each(
    letters: Sequence[OutboxMail], verb: Callable[[OutboxMail], None], action: str
) -> int:
    for letter in letters:
        verb(letter)
        audit.record(action, f"mail:{letter.id}", current_user.id)
    db.session.commit()
    return len(letters)
