"""What a mail looks like on its way: headers, text, simple HTML, enclosures."""

import re
from email.mime.base import MIMEBase
from email.policy import SMTP
from email.utils import formataddr
from urllib.parse import quote, urlsplit

from flask import current_app, render_template
from flask_mail import Message
from markupsafe import Markup

from pst import plain_text, web_addresses
from pst.office import settings
from pst.outbox.models import OutboxMail
from pst.outbox.return_paths import return_path

# A link that lets whoever has it in: for the addressee's eyes only.
SECRET_LINK = re.compile(
    r"(https?://\S{1,200}?/(?:verifikasi|sandi-baru|undangan|nilai|balas|berhenti)/"
    r"|https?://\S{1,200}?(?<!/petugas)/tindak-lanjut/)[^\s/]+"
)
ALIGNED = '<td align="right">'
HIDDEN = r"\1••••••"
# What nobody needs who does not want it; the other mails are about one's own affairs.
REMINDERS = {"rating_reminder", "digest"}


class OwnAddress(ValueError):
    """A mail to the address our mails come from: it would come back for ever."""


def without_links(body: str) -> str:
    """Hide the links of a mail that are meant for one reader, once."""
    return SECRET_LINK.sub(HIDDEN, body)


def linked(line: str) -> Markup:
    """Escape `line` and make the addresses of our own pages links; no others."""
    base = f"{current_app.config['PST'].base_url}/"
    return Markup().join(
        Markup('<a href="{0}">{0}</a>').format(piece)
        if target.startswith(base) and len(target) > len(base)
        else piece
        for piece, target in web_addresses.split(plain_text.with_hard_blanks(line))
    )


class Letter(Message):
    """A mail whose long headers stay whole.

    The usual policy breaks what is longer than 78 characters and encodes the pieces,
    which makes an address in a header unreadable; 998 is what RFC 5322 allows.
    """

    # Where it comes back to when it cannot be delivered.
    envelope_from: str | None = None

    def _message(self) -> MIMEBase:
        made = super()._message()
        made.policy = SMTP.clone(max_line_length=998)
        return made


def as_message(letter: OutboxMail) -> Letter:
    """Build what goes to the mail server."""
    if letter.to_address.casefold() == sender().casefold():
        raise OwnAddress("Penerima adalah alamat pengirim layanan ini sendiri.")
    office = settings.current()
    headers = {
        # Nobody's auto-reply answers us, so none can start a loop.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if office.email and office.email.casefold() != sender().casefold():
        # Who answers a mail reaches people, though not the conversation.
        headers["Reply-To"] = office.email
    if letter.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
    elif letter.kind in REMINDERS and office.email:
        # Read by a person; nothing else that we send can be done without.
        subject = quote(f"Tanpa pengingat: {letter.kind}")
        headers["List-Unsubscribe"] = f"<mailto:{office.email}?subject={subject}>"
    message = Letter(
        subject=letter.subject,
        recipients=[formataddr((letter.to_name, letter.to_address))],
        body=plain_text.aligned(letter.body),
        html=render_template(
            "mails/_html.html",
            subject=letter.subject,
            parts=list(plain_text.parts(letter.body.strip("\n"))),
            linked=linked,
            rows=lambda table: plain_text.rows_html(table, linked, ALIGNED),
        ),
        sender=(office.service_name, sender()),
        date=letter.created_at.timestamp(),
        extra_headers=headers,
    )
    message.msgId = letter.message_id
    message.envelope_from = return_path(letter.id, sender())
    if letter.attachment_name is not None:
        message.attach(
            letter.attachment_name, letter.attachment_type, letter.attachment
        )
    return message


def sender() -> str:
    """Tell the address our mails come from."""
    config = current_app.config["PST"]
    user = config.mail.user if config.mail else None
    if config.mail_from:
        return config.mail_from
    if user and "@" in user:
        return user
    return settings.current().email or f"pst@{urlsplit(config.base_url).hostname}"
