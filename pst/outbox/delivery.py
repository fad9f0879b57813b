"""Speak with the mail server: one connection for many mails, every answer with a stage.

The time-outs are those of RFC 5321, 4.5.3.2: a server that is slow after the final dot
has the mail, and who hangs up then sends it twice.
"""

import contextlib
import ipaddress
import re
import ssl
from collections.abc import Callable
from smtplib import SMTP, SMTP_SSL, SMTPException
from time import monotonic
from urllib.parse import urlsplit

from flask import current_app

from pst.outbox.answers import SERVICE_CLOSING, SmtpAnswer, Stage
from pst.outbox.message.mail_parts import Envelope
from pst.outbox.smtp_answers import DeliveryRefusal, asking, refuse, wait
from pst.server.mail_config import MailAccount

COMMAND_S, DATA_S, BLOCK_S, TEXT_S, AFTER_DOT_S = 300, 120, 180, 600, 600
GOODBYE_S = 10
BLOCK_BYTES = 64 * 1024
# Servers end a connection that brings very many.
MAILS_PER_CONNECTION = 50
# The most time from taking a mail until its end is known: once more connecting
# (greeting, EHLO twice, STARTTLS, three steps of a log-in), then the mail itself.
MAX_S = 8 * COMMAND_S + 3 * COMMAND_S + DATA_S + TEXT_S + AFTER_DOT_S + GOODBYE_S
OK, GO_ON = 250, 354
FIRST_DOTS = re.compile(rb"^\.", re.M)


class MailConnection:
    """A connection to the mail server that is set, opened when it is first needed."""

    def __init__(self, settings: MailAccount) -> None:
        self.settings = settings
        self.host: SMTP | SMTP_SSL | None = None
        self.sent_count = 0  # since it was opened

    def open(self) -> None:
        """Connect, unless that has been done; raise `DeliveryRefusal`."""
        if self.host is not None and self.sent_count >= MAILS_PER_CONNECTION:
            self.close()
        if self.host is None:
            self.sent_count = 0
            self.host = self._log_in()

    def close(self) -> None:
        """End the session with QUIT; a server that is gone need not answer."""
        host, self.host = self.host, None
        if host is None:
            return
        with contextlib.suppress(OSError, SMTPException):
            if host.sock is not None:
                host.sock.settimeout(GOODBYE_S)
            host.quit()
        host.close()

    def _log_in(self) -> SMTP | SMTP_SSL:
        """Connect, verify the server, and log in; a password is only sent encrypted."""
        trust = ssl.create_default_context()
        host = self._connect(trust)
        try:
            with asking(Stage.EHLO):
                host.ehlo_or_helo_if_needed()
            if self._needs_tls:
                self._encrypt(host, trust)
            if self.settings.user and self.settings.password:
                with asking(Stage.AUTH):
                    host.login(self.settings.user, self.settings.password)
        except BaseException:
            host.close()
            raise
        return host

    def send(self, message: Envelope) -> None:
        """Hand one mail over; raise `DeliveryRefusal` with the answer and its stage."""
        text = dotted(message.as_bytes())
        try:
            self._begin(message.envelope_from, len(text))
            self._ask(Stage.RCPT, lambda host: host.rcpt(message.envelope_to))
            self._hand_over(text)
        except DeliveryRefusal as refused:
            self._tidy(refused.answer)
            raise
        self.sent_count += 1

    @property
    def _needs_tls(self) -> bool:
        return not self.settings.ssl and (
            self.settings.tls or self.settings.password is not None
        )

    def _connect(self, trust: ssl.SSLContext) -> SMTP | SMTP_SSL:
        server, name = self.settings, own_name()
        with asking(Stage.CONNECT):
            if server.ssl:
                return SMTP_SSL(
                    server.host, server.port, name, timeout=COMMAND_S, context=trust
                )
            return SMTP(server.host, server.port, name, timeout=COMMAND_S)

    def _encrypt(self, host: SMTP, trust: ssl.SSLContext) -> None:
        if not host.has_extn("starttls"):
            raise DeliveryRefusal(
                SmtpAnswer(Stage.TRUST, None, "STARTTLS is not offered.")
            )
        with asking(Stage.STARTTLS):
            host.starttls(context=trust)
        with asking(Stage.EHLO):
            host.ehlo_or_helo_if_needed()

    def _begin(self, sender: str, size: int) -> None:
        """Name the sender; a used connection that has ended is opened again, once."""
        is_used = self.sent_count > 0
        self.open()
        try:
            self._name_sender(sender, size)
        except DeliveryRefusal as refused:
            has_ended = refused.answer.is_broken or (
                refused.answer.code == SERVICE_CLOSING
            )
            if not (is_used and has_ended):
                raise
            self.close()
            self.open()
            self._name_sender(sender, size)

    def _name_sender(self, sender: str, size: int) -> None:
        def ask(host: SMTP) -> tuple[int, bytes]:
            options = [f"size={size}"] if host.has_extn("size") else []
            return host.mail(sender, options)

        self._ask(Stage.MAIL, ask)

    def _hand_over(self, text: bytes) -> None:
        host = self._host
        self._ask(Stage.DATA, lambda host: host.docmd("DATA"), DATA_S, GO_ON)
        with asking(Stage.DATA):
            until = monotonic() + TEXT_S
            for at in range(0, len(text), BLOCK_BYTES):
                wait(host, min(BLOCK_S, until - monotonic()))
                host.send(text[at : at + BLOCK_BYTES])
        with asking(Stage.AFTER_DOT):
            wait(host, AFTER_DOT_S)
            host.send(b".\r\n")
            code, words = host.getreply()
        if code != OK:
            refuse(Stage.AFTER_DOT, code, words)

    def _ask(
        self,
        stage: Stage,
        command: Callable[[SMTP], tuple[int, bytes]],
        patience: float | None = None,
        success: int = OK,
    ) -> None:
        with asking(stage):
            wait(self._host, COMMAND_S if patience is None else patience)
            code, words = command(self._host)
        if code != success and not (success == OK and code == OK + 1):
            refuse(stage, code, words)

    @property
    def _host(self) -> SMTP:
        assert self.host is not None
        return self.host

    def _tidy(self, answer: SmtpAnswer) -> None:
        """Make the connection ready for the next mail, or end it."""
        if answer.is_broken or answer.code == SERVICE_CLOSING or self.host is None:
            if self.host is not None:
                self.host.close()
            self.host = None
            return
        try:
            self.host.rset()
        except (OSError, SMTPException):
            self.host.close()
            self.host = None


def dotted(text: bytes) -> bytes:
    """Double the dots that begin a line (RFC 5321, 4.5.2)."""
    return FIRST_DOTS.sub(b"..", text)


def own_name() -> str | None:
    """Return the name to greet with: our public one; None: what the system says."""
    host = urlsplit(current_app.config["PST"].base_url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host if "." in host else None
    if address.is_loopback:
        return None
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"
