"""How a mail is written: quoted-printable, short lines, every name encoded once."""

from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any

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


def attach(mail: EmailMessage, name: str, kind: str, content: bytes) -> None:
    """Add a file to a mail."""
    main, _, sub = kind.partition("/")
    mail.add_attachment(
        content, maintype=main, subtype=sub, filename=name, cte="base64"
    )
