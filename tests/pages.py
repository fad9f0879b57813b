"""A browser without a screen: pages and forms of ours by HTTP, in one process."""

import re
from types import SimpleNamespace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import stored
from tests.people import PASSWORD, email_of

ANSWERING = re.compile(r"/petugas/konsultasi/[^/]+/pesan")
# What pressing the first button of a form sends along; an empty text: no button was.
FIRST_BUTTONS = {
    ANSWERING: ("press", "kirim"),
    re.compile(r"/konsultasi/baru"): ("press", "ajukan"),
    re.compile(r"/petugas/tindak-lanjut/[^/]+/email"): ("press", "pratinjau"),
    re.compile(r"/petugas/laporan/\d+/isian"): ("press", "simpan"),
    re.compile(r"/petugas/artikel/\d+"): ("press", "simpan"),
    re.compile(r".*/persiapan/artikel"): ("press", "dipilih"),
}


def pressed(path: str, data: dict[str, Any]) -> dict[str, Any]:
    """Return which button of the form a browser would send, unless `data` does."""
    for address, (name, value) in FIRST_BUTTONS.items():
        if address.fullmatch(path.partition("?")[0]) and "switch" not in data:
            chosen = {"then": "pengguna"} if address is ANSWERING else {}
            return {name: value, **chosen, **data}
    return data


class Browser:
    """A test client that fills in the hidden fields of the page it looked at last."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self._read = ("", "")  # whose token was read last, and the token

    def on(self, app: Flask) -> "Browser":
        """Return another with the same cookies, before another application."""
        other = Browser(app)
        other.client._cookies = dict(self.client._cookies or {})
        return other

    def get(self, path: str, **options: Any) -> TestResponse:
        # Buffered: the answer is closed, and what comes afterwards happens.
        return self.client.get(path, buffered=True, **options)

    def post(
        self, path: str, data: dict[str, Any] | None = None, **options: Any
    ) -> TestResponse:
        """Send a form as a page of ours would, with the token of this session."""
        data = {"csrf_token": self.kept_token(), **pressed(path, data or {})}
        return self.client.post(path, data=data, buffered=True, **options)

    def token(self) -> str:
        """Read a token on a page."""
        token = hidden(self.get("/lupa-sandi").text, "csrf_token")
        self._read = (self._session(), token)
        return token

    def kept_token(self) -> str:
        """Return the token that was read last; read another in another session."""
        session, token = self._read
        return token if session and session == self._session() else self.token()

    def _session(self) -> str:
        """Return what all tokens of this session are made of; nothing once it ended."""
        name = self.app.config["SESSION_COOKIE_NAME"]
        cookie = self.client.get_cookie(name)
        request: Any = SimpleNamespace(cookies={name: cookie and cookie.value})
        session = self.app.session_interface.open_session(self.app, request)
        return session.get("csrf_token", "") if session else ""

    def log_in(self, name: str) -> "Browser":
        answer = self.post("/masuk", {"email": email_of(name), "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return self


def hidden(page: str, name: str) -> str:
    """Read the value of a hidden field."""
    match = re.search(rf'name="{re.escape(name)}"[^>]*?value="([^"]*)"', page)
    assert match, f"no field {name}"
    return match[1]


def rows(app: Flask) -> dict[str, str]:
    """Return all that the database holds, by table."""
    return {name: str(found) for name, found in stored.rows(app)}
