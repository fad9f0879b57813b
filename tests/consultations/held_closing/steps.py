"""How mails ended."""

from pst.database import db
from pst.outbox.models import Delivery, OutboxMail


def deliver(state: Delivery, **which) -> None:
    db.session.query(OutboxMail).filter_by(**which).update({"state": state})
    db.session.commit()
