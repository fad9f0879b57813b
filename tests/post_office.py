"""A mail server that keeps what it gets, and the mails it got."""

import asyncio
import email
import email.policy
import logging
import re
import threading
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.processes import HOST, free_port, wait_until

logging.getLogger("mail.log").setLevel(logging.WARNING)  # that of aiosmtpd
LINK = re.compile(r"https?://\S+")


class RudeSMTP(SMTP):
    """A mail server that may hang up in the middle of a mail."""

    async def smtp_DATA(self, arg: str) -> None:
        if self.event_handler.hangs_up == "within":
            await self.push("354 go on")
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class RudeController(Controller):
    def factory(self) -> SMTP:
        return RudeSMTP(self.handler, **self.SMTP_kwargs)


class PostOffice:
    """A real SMTP server that keeps what it takes, with the manners a test gives it."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.senders: list[str] = []  # the return path of each
        self.rcpt = "250 OK"  # what it says to a recipient
        self.data = "250 taken"  # what it says to a mail; it keeps what it took
        self.pause = 0.0  # seconds before it answers to a mail
        self.hangs_up: str | None = None  # "within", "before", "after" taking a mail
        self._lock = threading.Lock()
        self.port = free_port()

    def __enter__(self) -> "PostOffice":
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        self.controller = RudeController(self, hostname=HOST, port=self.port)
        self.controller.start()

    def close(self) -> None:
        """Go away: connections are refused from now on."""
        self.controller.stop()

    @property
    def url(self) -> str:
        return f"smtp://{HOST}:{self.port}"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.pause)
        if self.hangs_up == "before":
            server.transport.abort()
            return "421 gone"
        if self.data.startswith("250"):
            self.senders.append(envelope.mail_from)
            self.keep(envelope.content)
        if self.hangs_up == "after":
            server.transport.abort()
        return self.data

    def keep(self, content: bytes) -> None:
        with self._lock:
            self.mails.append(
                email.message_from_bytes(content, policy=email.policy.default)  # type: ignore[arg-type]
            )

    def mails_to(self, address: str, about: str = "") -> list[EmailMessage]:
        with self._lock:
            return [
                mail
                for mail in self.mails
                if address in mail["To"] and about.lower() in mail["Subject"].lower()
            ]

    def wait_for(self, address: str, about: str = "") -> EmailMessage:
        """Wait for the newest mail to `address` with `about` in its subject."""
        found = wait_until(
            lambda: self.mails_to(address, about), f"a mail to {address} about {about}"
        )
        return found[-1]


def link_in(mail: EmailMessage, part: str) -> str:
    """Find the address in `mail` that contains `part`."""
    text = text_of(mail)
    found = [link for link in LINK.findall(text) if part in link]
    assert found, f"no link with {part} in: {text}"
    return found[0]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content()
