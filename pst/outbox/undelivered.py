"""What officers see of the mails: which did not arrive, *Kirim ulang*, *Abaikan*."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.database import db
from pst.office import audit
from pst.outbox.models import Delivery, OutboxMail
from pst.outbox.servers import MailServer
from pst.web.access import officers
from pst.web.responses import done, page

bp = Blueprint("undelivered", __name__, url_prefix="/petugas/surel-gagal")
MOST = 100


def find(id: int) -> OutboxMail:
    return db.first_or_404(failed().filter_by(id=id))


def failed() -> sa.Select[Any]:
    """Select what was given up and still needs a person."""
    return sa.select(OutboxMail).filter_by(state=Delivery.FAILED, dismissed_at=None)


@bp.app_template_global()
def undelivered_count() -> int:
    """Return how many mails were given up."""
    return db.session.scalar(failed().with_only_columns(sa.func.count())) or 0


@bp.app_template_global()
def mail_server() -> MailServer | None:
    """Return how the mail server is, if mails were ever tried."""
    return MailServer.seen()


@bp.get("")
@officers
def index() -> ResponseReturnValue:
    """The newest mails that did not arrive; their text is the addressee's alone."""
    letters = db.session.scalars(failed().order_by(OutboxMail.id.desc()).limit(MOST))
    return page("outbox/undelivered.html", letters=letters.all())


@bp.post("/<int:id>/pengiriman")
@officers
def send_again(id: int) -> ResponseReturnValue:
    _each([find(id)], OutboxMail.send_again, "send_again")
    flash("Email akan dikirim lagi.")
    return done(url_for(".index"))


@bp.post("/pengiriman")
@officers
def send_chosen_again() -> ResponseReturnValue:
    count = _each(chosen(), OutboxMail.send_again, "send_again")
    flash(f"{count} email akan dikirim lagi." if count else NOTHING_CHOSEN)
    return done(url_for(".index"))


@bp.post("/pengabaian")
@officers
def dismiss_chosen() -> ResponseReturnValue:
    count = _each(chosen(), OutboxMail.dismiss, "dismiss_mail")
    flash(f"{count} email diabaikan." if count else NOTHING_CHOSEN)
    return done(url_for(".index"))


NOTHING_CHOSEN = "Belum ada email yang dipilih."


def chosen() -> Sequence[OutboxMail]:
    """Return the mails that were ticked, or with *semua* all of the list."""
    query = failed().order_by(OutboxMail.id.desc()).limit(MOST)
    if "semua" not in request.form:
        ids = request.form.getlist("surel", type=int)[:MOST]
        query = query.where(OutboxMail.id.in_(ids))
    return db.session.scalars(query).all()


def _each(
    letters: Sequence[OutboxMail], verb: Callable[[OutboxMail], None], action: str
) -> int:
    for letter in letters:
        verb(letter)
        audit.record(action, f"mail:{letter.id}", current_user.id)
    db.session.commit()
    return len(letters)
