"""What officers see of the mails: which ones did not arrive, and *Kirim ulang*."""

import sqlalchemy as sa
from flask import Blueprint, flash, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst.access import officers
from pst.database import db
from pst.office import audit
from pst.outbox.models import Delivery, OutboxMail
from pst.pages import done, page

bp = Blueprint("undelivered", __name__, url_prefix="/petugas/surel-gagal")
MOST = 100


def find(id: int) -> OutboxMail:
    return db.first_or_404(failed().filter_by(id=id))


def failed() -> sa.Select[tuple[OutboxMail]]:
    return sa.select(OutboxMail).filter_by(state=Delivery.FAILED)


@bp.app_template_global()
def undelivered_count() -> int:
    """Tell how many mails were given up."""
    return db.session.scalar(failed().with_only_columns(sa.func.count())) or 0


@bp.get("")
@officers
def index() -> ResponseReturnValue:
    """The newest mails that did not arrive; their text is the addressee's alone."""
    letters = db.session.scalars(failed().order_by(OutboxMail.id.desc()).limit(MOST))
    return page("outbox/undelivered.html", letters=letters.all())


@bp.post("/<int:id>/pengiriman")
@officers
def send_again(id: int) -> ResponseReturnValue:
    find(id).send_again()
    audit.record("send_again", f"mail:{id}", current_user.id)
    db.session.commit()
    flash("Email akan dikirim lagi.")
    return done(url_for(".index"))
