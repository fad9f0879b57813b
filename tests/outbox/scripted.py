"""A real SMTP server on a socket that answers at each stage what a test wrote down."""

import socket
import ssl
import threading
from collections import defaultdict
from contextlib import suppress
from email import message_from_bytes
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.processes import HOST

HANG, HANG_UP = "hang", "hang up"
USUAL = {
    "connect": "220 scripted",
    "ehlo": "250 OK",
    "starttls": "220 go on",
    "auth": "235 welcome",
    "mail": "250 OK",
    "rcpt": "250 OK",
    "data": "354 go on",
    "after_dot": "250 taken",
}


class ScriptedServer:
    """Answers from `script` by stage; a list is used up answer by answer.

    `hang` says nothing at all, `hang up` ends the connection. It keeps what it took and
    every line that it read.
    """

    def __init__(self, script: dict[str, str | list[str]] | None = None) -> None:
        self.script: dict[str, str | list[str]] = dict(script or {})
        self.refused: dict[str, str] = {}  # what RCPT says, by address
        self.offers = ["SIZE 10000000"]
        self.certificate: tuple[Path, Path] | None = None
        self.is_tls = False  # from the first byte on
        self.is_strict = False  # takes lines of 998 characters of ASCII only
        self.taken: list[bytes] = []
        self.clear_lines: list[str] = []  # what was read outside TLS
        self.lines: list[str] = []
        self.connections = 0
        self.counts: defaultdict[str, int] = defaultdict(int)
        self._over = threading.Event()
        self._socket = socket.create_server((HOST, 0))
        self.port: int = self._socket.getsockname()[1]
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(10)

    def _start(self, work: object, *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, EOFError):
            Talk(self, connection).hold()

    def answer(self, stage: str) -> str:
        """Return what the script says now at `stage`."""
        self.counts[stage] += 1
        said = self.script.get(stage, USUAL.get(stage, "250 OK"))
        if isinstance(said, list):
            return said.pop(0) if said else USUAL[stage]
        return said

    def wrap(self, connection: socket.socket) -> ssl.SSLSocket:
        assert self.certificate is not None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*map(str, self.certificate))
        return context.wrap_socket(connection, server_side=True)

    @property
    def message_ids(self) -> list[str]:
        """Return the ids of the mails that it took, as often as it did."""
        return [message_from_bytes(mail)["Message-ID"] for mail in self.taken]

    def is_encrypted_only(self, secret: str) -> bool:
        """Return whether `secret` was never said outside TLS."""
        return not any(secret in line for line in self.clear_lines)

    def wait_until_over(self) -> None:
        self._over.wait(30)


def is_short(line: bytes) -> bool:
    return len(line) <= 1000 and line.isascii()


class Talk:
    """One connection."""

    def __init__(self, server: ScriptedServer, connection: socket.socket) -> None:
        self.server, self.connection = server, connection
        if server.is_tls:
            self.connection = server.wrap(connection)
        self.file = self.connection.makefile("rb")

    def hold(self) -> None:
        try:
            self.say("connect")
            while line := self.file.readline():
                text = line.decode("latin-1").rstrip()
                self.server.lines.append(text)
                if not isinstance(self.connection, ssl.SSLSocket):
                    self.server.clear_lines.append(text)
                if text.upper() == "QUIT":
                    return self.write("221 bye")
                self.obey(text.split()[0].upper(), text)
        finally:
            self.file.close()
            self.connection.close()

    def obey(self, verb: str, text: str) -> None:
        if verb in ("EHLO", "HELO"):
            offers = ["scripted", *self.server.offers]
            usual = (
                "\r\n".join(f"250-{o}" for o in offers[:-1]) + f"\r\n250 {offers[-1]}"
            )
            said = self.server.answer("ehlo")
            self.write(usual if said == "250 OK" else said)
        elif verb == "STARTTLS":
            self.say("starttls")
            self.file.close()
            self.connection = self.server.wrap(self.connection)
            self.file = self.connection.makefile("rb")
        elif verb == "DATA":
            if self.say("data").startswith("354"):
                self.take()
        elif verb == "RSET":
            self.write("250 OK")
        elif verb == "RCPT" and (said := self.refusal(text)):
            self.write(said)
        else:
            self.say(verb.lower())

    def refusal(self, line: str) -> str:
        """Return what this one address gets as an answer; empty: what all get."""
        by_address = self.server.refused.items()
        return next((said for address, said in by_address if address in line), "")

    def take(self) -> None:
        lines = []
        while (line := self.file.readline()) != b".\r\n":
            if not line:
                raise EOFError
            lines.append(line)
        said = self.server.answer("after_dot")
        if self.server.is_strict and not all(map(is_short, lines)):
            said = "500 5.5.2 Line too long"
        if said.startswith("250") or said in (HANG, HANG_UP):
            self.server.taken.append(b"".join(lines))
        self.write(said)

    def say(self, stage: str) -> str:
        said = self.server.answer(stage)
        self.write(said)
        return said

    def write(self, said: str) -> None:
        if said == HANG:
            self.server.wait_until_over()
        if said in (HANG, HANG_UP):
            raise EOFError
        self.connection.sendall(f"{said}\r\n".encode())
