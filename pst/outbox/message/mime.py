"""Write a mail as bytes: quoted-printable, short lines, every name encoded once."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formatdate
from typing import Any

from flask_mail import Message

QUOTED: dict[str, Any] = {"charset": "utf-8", "cte": "quoted-printable"}
# One word that may be longer than a line, and must stay whole to be understood.
WHOLE = {"list-unsubscribe", "message-id", "in-reply-to", "references"}
LINE = 78  # characters; RFC 5322, 2.1.1


class MailPolicy(EmailPolicy):
    """The usual policy for SMTP, which keeps addresses in headers in one piece."""

    def fold(self, name: str, value: Any) -> str:
        if name.lower() not in WHOLE:
            return super().fold(name, value)
        return f"{name}: {value}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii")


POLICY = MailPolicy(linesep="\r\n", cte_type="7bit", max_line_length=LINE)


def write(message: Message) -> bytes:
    """Return `message` as it goes to the mail server."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = _address(message.sender)
    mail["To"] = [_address(recipient) for recipient in message.recipients]
    mail["Subject"] = message.subject
    mail["Date"] = formatdate(message.date, localtime=True)
    mail["Message-ID"] = message.msgId
    if message.reply_to:
        mail["Reply-To"] = _address(message.reply_to)
    mail.set_content(message.body or "", **QUOTED)
    if message.html:
        mail.add_alternative(message.html, subtype="html", **QUOTED)
    for file in message.attachments:
        _attach(mail, file)
    # Last: a Content- header set before goes to the first part.
    for name, value in (message.extra_headers or {}).items():
        mail[name] = value
    return mail.as_bytes()


def _address(mailbox: str | tuple[str, str]) -> Address:
    name, address = ("", mailbox) if isinstance(mailbox, str) else mailbox
    return Address(name, addr_spec=address)


def _attach(mail: EmailMessage, file: Any) -> None:
    main, _, sub = file.content_type.partition("/")
    mail.add_attachment(
        file.data, maintype=main, subtype=sub, filename=file.filename, cte="base64"
    )
