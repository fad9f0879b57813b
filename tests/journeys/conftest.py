"""In the journeys the same names are signed-in browsers, and nothing else is touched.

No application context is held open: a request made while one is open shares its
database session, and a forgotten commit would go unnoticed.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.people import PASSWORD, email_of

# What pressing the first button of a form sends along; an empty text: no button was.
FIRST_BUTTONS = {
    re.compile(r"/petugas/konsultasi/[^/]+/pesan"): ("aksi", "tunggu"),
    re.compile(r"/konsultasi/baru"): ("aksi", "ajukan"),
    re.compile(r"/petugas/tindak-lanjut/[^/]+/email"): ("lanjut", "pratinjau"),
    re.compile(r"/petugas/laporan/\d+/isian"): ("lanjut", "simpan"),
    re.compile(r"/petugas/artikel/\d+"): ("lalu", "simpan"),
    re.compile(r".*/persiapan/artikel"): ("pilih", "dipilih"),
}


def pressed(path: str, data: dict[str, Any]) -> dict[str, Any]:
    """Say which button of the form a browser would send, unless `data` does."""
    for address, (name, value) in FIRST_BUTTONS.items():
        if address.fullmatch(path.partition("?")[0]) and "ganti" not in data:
            return {name: value, **data}
    return data


class Browser:
    """A test client that fills in the hidden fields of the page it looked at last."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, **options: Any) -> TestResponse:
        # Buffered: the answer is closed, and what comes afterwards happens.
        return self.client.get(path, buffered=True, **options)

    def post(
        self, path: str, data: dict[str, Any] | None = None, **options: Any
    ) -> TestResponse:
        """Send a form as a page of ours would, with its token."""
        data = {"csrf_token": self.token(), **pressed(path, data or {})}
        return self.client.post(path, data=data, buffered=True, **options)

    def token(self) -> str:
        return hidden(self.get("/lupa-sandi").text, "csrf_token")

    def log_in(self, name: str) -> "Browser":
        answer = self.post("/masuk", {"email": email_of(name), "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return self


def hidden(page: str, name: str) -> str:
    """Read the value of a hidden field."""
    found = re.search(rf'name="{re.escape(name)}"[^>]*?value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found[1]


@pytest.fixture
def browser(app: Flask, at: object) -> Callable[[], Browser]:
    return lambda: Browser(app)


@pytest.fixture
def visitor(browser: Callable[[], Browser]) -> Browser:
    """Somebody who is not signed in."""
    return browser()


@pytest.fixture
def siti(browser: Callable[[], Browser]) -> Browser:
    return browser().log_in("siti")


@pytest.fixture
def dewi(browser: Callable[[], Browser]) -> Browser:
    return browser().log_in("dewi")


@pytest.fixture
def budi(browser: Callable[[], Browser]) -> Browser:
    return browser().log_in("budi")


@pytest.fixture
def rina(browser: Callable[[], Browser]) -> Browser:
    return browser().log_in("rina")


@pytest.fixture
def hasan(browser: Callable[[], Browser]) -> Browser:
    return browser().log_in("hasan")


@pytest.fixture
def andi(browser: Callable[[], Browser]) -> Browser:
    return browser().log_in("andi")
