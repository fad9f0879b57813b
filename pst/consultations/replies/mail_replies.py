"""A user's reply to a mail of ours becomes a message, with its files.

Only the recipient of a mail can answer it: its return path is signed, and the reply
must come from where the mail went. What cannot be taken is never dropped in silence:
its writer gets a mail that says why, and where to write.
"""

import hashlib
import logging
from collections.abc import Sequence
from email.message import Message as Mail
from io import BytesIO

import sqlalchemy as sa
from limits import parse_many
from werkzeug.datastructures import FileStorage

from pst import clock
from pst.accounts.log_in.throttling import Counter, guesses
from pst.accounts.users import User
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.attached_files.uploading import (
    MAX_ATTACHMENTS,
    TOO_MANY,
    store_files,
)
from pst.consultations.models import Consultation
from pst.consultations.replies.replying import OPEN_FOR
from pst.database import db, reading
from pst.outbox.bad_addresses import BadAddress
from pst.outbox.incoming import replies, reply_text, reports
from pst.outbox.models import OutboxMail
from pst.outbox.threads import takes_replies
from pst.rules import WrongState
from pst.uploads.file_types import FileRefusal
from pst.uploads.formats import Away
from pst.uploads.storage import StoredFile
from pst.web.forms.fields import MESSAGE_LENGTH, tidy_lines
from pst.web.responses import link

log = logging.getLogger(__name__)
MAX_REPLIES = parse_many("20/hour; 60/day")
MAX_NAME_LENGTH = 200


def asks(mail: OutboxMail) -> bool:
    """Return whether replies to `mail` become messages."""
    consultation = _consultation_of(mail)
    context = {"consultation": consultation}
    return consultation is not None and takes_replies(context, mail.to_address)


def takes(mail_id: int, reply: Mail) -> replies.TakeUp | None:
    """Look at a reply and its files; return what adds it to its conversation."""
    body = tidy_lines(reply_text.written(reply)[: 3 * MESSAGE_LENGTH]) or ""
    with reading():
        mail = db.session.get_one(OutboxMail, mail_id)
        consultation = _consultation_of(mail)
        trouble = _trouble(mail, consultation, body, bool(reply_text.files(reply)))
        user_id = consultation.user_id if consultation else 0
    if consultation is None:
        return None
    counters: list[Counter] = [(MAX_REPLIES, ("mail reply", str(user_id)))]
    if not trouble and guesses().take(counters):
        trouble = "often"
    try:
        files, refusals = ([], []) if trouble else _store(reply, user_id)
    except Away as error:
        guesses().give_back(counters)
        raise replies.NotNow(str(error)) from error
    key = _key(mail_id, reply)

    def take_up() -> None:
        mail = db.session.get_one(OutboxMail, mail_id)
        consultation = _consultation_of(mail)
        if consultation is None:
            return  # its user has left the address since
        _add(mail, consultation, body, key, files, refusals, trouble)

    return take_up


def _consultation_of(mail: OutboxMail) -> Consultation | None:
    """Return the conversation whose user `mail` went to."""
    if not mail.thread:
        return None
    query = sa.select(Consultation).filter_by(number=mail.thread)
    consultation = db.session.scalar(query)
    if consultation is None or consultation.user.mailbox[1] != mail.to_address:
        return None
    return consultation


def _trouble(
    mail: OutboxMail, consultation: Consultation | None, body: str, has_files: bool
) -> str:
    """Return why the reply cannot be taken, as a word; empty when it can."""
    is_over = clock.now() > mail.created_at + OPEN_FOR
    if consultation is None or is_over:
        return "over"
    if consultation.is_user_shut_out or not consultation.can_be_written_by_user:
        return "over"
    if not body and not has_files:
        return "empty"
    return "long" if len(body) > MESSAGE_LENGTH else ""


def _store(reply: Mail, user_id: int) -> tuple[list[StoredFile], list[str]]:
    """Store the files by the checks of every upload; name those refused, and why.

    Raises `Away` when what checks or keeps them is not there.
    """
    attachments: list[StoredFile] = []
    files = reply_text.files(reply)
    refusals = [TOO_MANY] if len(files) > MAX_ATTACHMENTS else []
    with reading():
        user = db.session.get_one(User, user_id)
        for file in files[:MAX_ATTACHMENTS]:
            name = file.name[:MAX_NAME_LENGTH]
            upload = FileStorage(BytesIO(file.content), filename=name)
            try:
                attachments += store_files([upload], user)
            except Away:
                raise
            except FileRefusal as error:
                refusals.append(str(error))
    return attachments, refusals


def _add(
    mail: OutboxMail,
    consultation: Consultation,
    body: str,
    key: str,
    attachments: Sequence[StoredFile],
    refusals: Sequence[str],
    trouble: str,
) -> None:
    """Add the message, or tell its writer what could not be taken."""
    user = consultation.user
    BadAddress.prove(mail.to_address)  # the mail was read there
    files = [
        Attachment.keep(
            each, consultation_id=consultation.id, uploader=user, key=f"{key}{at}"
        )
        for at, each in enumerate(attachments)
    ]
    if not trouble and (body or files):
        try:
            message = consultation.say(
                user, body, key=key, attachments=files, by_link=True
            )
        except WrongState:
            trouble = "over"
        else:
            message.data = {**(message.data or {}), "by_mail": True}
    if trouble or refusals:
        _tell(mail, consultation, key, trouble, refusals)


def _tell(
    mail: OutboxMail,
    consultation: Consultation,
    key: str,
    trouble: str,
    refusals: Sequence[str],
) -> None:
    OutboxMail.put(
        "reply_not_taken",
        to=(mail.to_name, mail.to_address),
        cause=f"{consultation.number}:{key}"[:100],
        consultation=consultation,
        trouble=trouble,
        refused=refusals,
        url=link("consultations.show", number=consultation.number),
    )


def _key(mail_id: int, reply: Mail) -> str:
    """Return a key that is the same each time this reply is read."""
    name = reports.header(reply, "Message-ID") or reply.as_string()
    return hashlib.sha256(f"{mail_id}\n{name}".encode()).hexdigest()[:50]


replies.register(asks, takes)
