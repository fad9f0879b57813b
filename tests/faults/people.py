"""People who click, on HTTP alone, and press again until the server took it."""

import http.client
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.journeys.conftest import pressed
from tests.people import PASSWORD, email_of
from tests.processes import HOST, Service

TIMEOUT_S = 30
TAKEN = (200, 204, 303)
# What a page may say while something is broken; anything else is untrue or ugly.
HONEST = (503,)


class Lost(Exception):
    """No answer came: the connection was refused, cut or timed out."""


@dataclass
class Answer:
    status: int
    text: str
    location: str


@dataclass
class Clicker:
    """A signed-in browser without a screen."""

    service: Service
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    dishonest: list[str] = field(default_factory=list)
    refused: int = 0
    cut_off: int = 0

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        media_type: str = "application/x-www-form-urlencoded",
    ) -> Answer:
        link = http.client.HTTPConnection(HOST, self.service.port, timeout=TIMEOUT_S)
        headers = {
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            "Sec-Fetch-Site": "same-origin",
        }
        if body is not None:
            headers["Content-Type"] = media_type
        try:
            link.request(method, path, body, headers)
            response = link.getresponse()
            text = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise Lost from error
        finally:
            link.close()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(cookie).items():
                self.cookies[name] = morsel.value
        if match := re.search(r'name="csrf_token"[^>]*?value="([^"]*)"', text):
            self.token = match[1]
        return Answer(response.status, text, response.headers.get("Location") or "")

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def post(self, path: str, data: dict[str, str] | None = None) -> Answer:
        form = {"csrf_token": self.token, **pressed(path, data or {})}
        return self.request("POST", path, urlencode(form).encode())

    def upload(self, path: str, name: str, content: bytes) -> Answer:
        """Send a file as a form with files does."""
        form = multipart({"csrf_token": self.token, "key": new_key()}, name, content)
        return self.request("POST", path, *form)

    def log_in(self, name: str) -> "Clicker":
        self.get("/masuk")
        address = email_of(name) if "@" not in name else name
        answer = self.post("/masuk", {"email": address, "password": PASSWORD})
        assert answer.status == 303, answer.text
        self.get("/akun")
        return self

    def insist(
        self, path: str, data: dict[str, str], give_up: threading.Event
    ) -> Answer | None:
        """Send the same form until it is taken; None when told to give up."""
        while not give_up.is_set():
            try:
                answer = self.post(path, data)
            except Lost:
                self.cut_off += 1
            else:
                if answer.status in TAKEN:
                    return answer
                self.refused += 1
                self.judge(answer)
            give_up.wait(0.2)
        return None

    def judge(self, answer: Answer) -> None:
        """Note a page that is no honest word about the trouble."""
        if answer.status not in HONEST or "Nomor rujukan" not in answer.text:
            self.dishonest.append(f"{answer.status}: {answer.text[:300]}")


@dataclass
class Crowd:
    """Clickers that work side by side until they are told to stop."""

    stop: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    def send(self, work: Callable[[threading.Event], None]) -> None:
        def run() -> None:
            try:
                work(self.stop)
            except BaseException as error:  # told to the test, which fails
                self.failures.append(error)

        thread = threading.Thread(target=run, daemon=True)
        self.threads.append(thread)
        thread.start()

    def finish(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join(TIMEOUT_S * 2)
        assert not self.failures, self.failures
        assert not any(thread.is_alive() for thread in self.threads)


def multipart(fields: dict[str, str], name: str, content: bytes) -> tuple[bytes, str]:
    """Write a form with one file; return its body and media type."""
    edge = secrets.token_hex(8)
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    parts.append(
        f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"'
        "\r\nContent-Type: application/octet-stream\r\n\r\n"
    )
    body = "".join(parts).encode() + content + f"\r\n--{edge}--\r\n".encode()
    return body, f"multipart/form-data; boundary={edge}"


def new_key() -> str:
    return secrets.token_urlsafe(15)


def path_of(url: str) -> str:
    return urlsplit(url).path
