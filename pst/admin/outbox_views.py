"""The outbox: every mail, how far it has got, why it failed, *Kirim ulang*."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.admin.queries import Mails, readable_body
from pst.background import later
from pst.database import db
from pst.office import audit
from pst.outbox.models import DELIVER, OutboxMail
from pst.outbox.servers import MailServer
from pst.web.access import admins
from pst.web.responses import done, page

bp = Blueprint("outbox", __name__, url_prefix="/admin/surel")


def find(id: int) -> OutboxMail:
    return db.get_or_404(OutboxMail, id)


@bp.get("")
@admins
def index() -> ResponseReturnValue:
    mails = Mails(request.args.get("status", ""), request.args.get("hal", 1, type=int))
    return page("outbox/index.html", mails=mails)


@bp.get("/<int:id>")
@admins
def show(id: int) -> ResponseReturnValue:
    letter = find(id)
    return page(
        "outbox/show.html", letter=letter, body=readable_body(letter), mails=Mails()
    )


@bp.post("/percobaan")
@admins
def try_now() -> ResponseReturnValue:
    """Ask the mail server again at once, when something has been mended."""
    server = MailServer.find()
    if server is not None:
        server.resume()
        audit.record("try_mail_server", "office", current_user.id)
        later(DELIVER)
    db.session.commit()
    flash("Server email dicoba lagi.")
    return done(url_for(".index"))


@bp.post("/<int:id>/pengiriman")
@admins
def send_again(id: int) -> ResponseReturnValue:
    letter = find(id)
    letter.send_again()
    audit.record("send_again", f"mail:{id}", current_user.id)
    db.session.commit()
    flash("Email akan dikirim lagi.")
    return done(url_for(".show", id=id))
