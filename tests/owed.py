"""What tests inside an application look at in the database."""

import sqlalchemy as sa

from pst.database import db
from pst.outbox.models import OutboxMail


def mails(kind: str) -> list[OutboxMail]:
    """Return the mails of a kind that are owed or were sent, oldest first."""
    query = sa.select(OutboxMail).filter_by(kind=kind).order_by(OutboxMail.id)
    return list(db.session.scalars(query))


def mailed(kind: str) -> list[str]:
    """Return who is owed or got a mail of a kind, by address."""
    return sorted(mail.to_address for mail in mails(kind))
