"""A letter sent in a follow-up, and the mails it left."""

from pst.database import db
from pst.outbox.models import OutboxMail


def send(follow_up, officer, text: str = "Ini tabelnya.") -> None:
    follow_up.claim(officer)
    follow_up.write(officer, text)
    follow_up.send(officer, follow_up.draft_key)
    db.session.commit()


def mailed(kind: str) -> list[str]:
    mails = db.session.query(OutboxMail).filter_by(kind=kind)
    return sorted(mail.to_address for mail in mails)
