"""A browser without a picture: raw requests, and every byte of the answers counted."""

import gzip
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlencode

import brotli

from tests.pages import pressed
from tests.people import PASSWORD, email_of
from tests.processes import HOST


@dataclass
class Answer:
    """What came over the wire."""

    status: int
    head: str
    body: str
    size: int

    def header(self, name: str) -> str:
        match = re.search(rf"(?im)^{name}: (.*?)\r$", self.head)
        return match[1] if match else ""


@dataclass
class Wire:
    """A browser without a picture: raw requests, every byte of the answer counted."""

    port: int
    cookies: str = ""

    def ask(
        self, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> Answer:
        body = urlencode(pressed(path, form or {})).encode()
        lines = [
            f"{'POST' if form else 'GET'} {path} HTTP/1.1",
            f"Host: {HOST}:{self.port}",
            "Connection: close",
            "Accept-Encoding: br, gzip",
            f"Cookie: {self.cookies}",
            *(f"{name.replace('_', '-')}: {text}" for name, text in headers.items()),
        ]
        if form:
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        with socket.create_connection((HOST, self.port), 20) as connection:
            connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            raw = b"".join(iter(lambda: connection.recv(65536), b""))
        head, _, rest = raw.partition(b"\r\n\r\n")
        said = head.decode() + "\r\n"
        answer = Answer(int(raw[9:12]), said, plain(head, rest), len(raw))
        kept = dict(part.split("=", 1) for part in self.cookies.split("; ") if part)
        kept |= dict(re.findall(r"(?im)^set-cookie: (\S+?)=([^;]*)", answer.head))
        self.cookies = "; ".join(f"{name}={text}" for name, text in kept.items())
        return answer

    def token(self) -> str:
        match = re.search(r'csrf_token" value="([^"]+)', self.ask("/lupa-sandi").body)
        assert match
        return match[1]

    def log_in(self, name: str) -> "Wire":
        form = {"email": email_of(name), "password": PASSWORD}
        form["csrf_token"] = self.token()
        assert self.ask("/masuk", form).status == 303
        return self


def plain(head: bytes, body: bytes) -> str:
    if b"transfer-encoding: chunked" in head.lower():
        parts = []
        while body:
            length, _, body = body.partition(b"\r\n")
            parts.append(body[: int(length, 16)])
            body = body[int(length, 16) + 2 :]
        body = b"".join(parts)
    if b"content-encoding: br" in head.lower():
        body = brotli.decompress(body)
    elif b"content-encoding: gzip" in head.lower():
        body = gzip.decompress(body)
    return body.decode(errors="replace")
