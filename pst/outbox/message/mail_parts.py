"""What a mail looks like on its way: headers, text, simple HTML, enclosures."""

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from functools import cached_property
from urllib.parse import urlsplit

from flask import current_app

from pst import clock
from pst.office import settings
from pst.outbox.answers import Outcome
from pst.outbox.incoming import replies
from pst.outbox.incoming.return_paths import return_path
from pst.outbox.message import html, mime
from pst.outbox.message.addresses import UnwritableAddress, ascii_address
from pst.outbox.models import OutboxMail
from pst.web.formats import written_text

# A link that lets its holder in: for the addressee's eyes only.
SECRET_LINK = re.compile(
    r"(https?://\S{1,200}?/(?:verifikasi|alamat-semula|akun/alamat|sandi-baru|undangan|nilai|balas|berhenti)/"
    r"|https?://\S{1,200}?(?<!/petugas)/tindak-lanjut/)[^\s/]+"
)
HIDDEN = r"\1••••••"


class UnwritableLetter(ValueError):
    """A mail that cannot be sent as it is; the text says why, `outcome` what it is."""

    def __init__(self, text: str, outcome: Outcome) -> None:
        super().__init__(text)
        self.outcome = outcome


def without_links(body: str) -> str:
    """Hide the links of a mail that are meant for one reader, once."""
    return SECRET_LINK.sub(HIDDEN, body)


@dataclass(frozen=True)
class Envelope:
    """A mail as it goes to the server, and the addresses of its envelope."""

    envelope_to: str
    envelope_from: str
    mail: EmailMessage

    def as_bytes(self) -> bytes:
        return self._whole

    @cached_property
    def _whole(self) -> bytes:
        return self.mail.as_bytes()


def as_message(letter: OutboxMail) -> Envelope:
    """Build what goes to the mail server."""
    to = recipient(letter)
    mail = EmailMessage(policy=mime.POLICY)
    mail["From"] = Address(settings.current().service_name, addr_spec=sender())
    mail["To"] = Address(letter.to_name, addr_spec=to)
    mail["Subject"] = letter.subject
    # The moment of this try: a mail that looks hours old is taken for spam.
    mail["Date"] = formatdate(clock.now().timestamp(), localtime=True)
    mail["Message-ID"] = letter.message_id
    mail.set_content(written_text.aligned(letter.body), **mime.QUOTED)
    page = html.render(letter.subject, letter.body)
    mail.add_alternative(page, subtype="html", **mime.QUOTED)
    name, kind = letter.attachment_name, letter.attachment_type
    if name and kind and letter.attachment is not None:
        mime.attach(mail, name, kind, letter.attachment)
    for file in letter.files:
        mime.attach(mail, file.name, file.type, file.content)
    # Last: a Content- header set before goes to the first part.
    for name, value in headers(letter).items():
        mail[name] = value
    # Where it comes back to when it cannot be delivered.
    return Envelope(to, return_path(letter.id, sender()), mail)


def recipient(letter: OutboxMail) -> str:
    """Return the address to send to; raise `UnwritableLetter` when there is none."""
    try:
        to = ascii_address(letter.to_address)
    except UnwritableAddress as error:
        text = "Alamat ini tidak dapat ditulis untuk server email."
        raise UnwritableLetter(text, Outcome.DEAD_ADDRESS) from error
    if to.casefold() == sender().casefold():  # it would come back for ever
        text = "Penerima adalah alamat pengirim layanan ini sendiri."
        raise UnwritableLetter(text, Outcome.DEAD_ADDRESS)
    return to


def headers(letter: OutboxMail) -> dict[str, str]:
    """Return what a mail says of itself, for mail programs."""
    office = settings.current()
    lines = {
        # No auto-reply answers us, so none can start a loop.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": "id",
    }
    if replies.are_taken(letter):
        lines["Reply-To"] = return_path(letter.id, sender())
    elif office.email and office.email.casefold() != sender().casefold():
        # An answer to a mail reaches people, though not the conversation.
        lines["Reply-To"] = office.email
    if letter.thread:
        # All mails of one consultation answer the same, so they stand together.
        lines["References"] = lines["In-Reply-To"] = thread_id(letter.thread)
    if letter.unsubscribe_url:
        lines["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        lines["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    return lines


def thread_id(thread: str) -> str:
    """Return the id that the mails of one consultation refer to."""
    return f"<{thread.lower()}@{urlsplit(current_app.config['PST'].base_url).hostname}>"


def sender() -> str:
    """Return the address our mails come from."""
    config = current_app.config["PST"]
    user = config.mail.user if config.mail else None
    if config.mail_from:
        return config.mail_from
    if user and "@" in user:
        return user
    return settings.current().email or f"pst@{urlsplit(config.base_url).hostname}"
