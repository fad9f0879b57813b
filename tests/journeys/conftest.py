"""In the journeys the same names are signed-in browsers, and nothing else is touched.

No application context is held open: a request made while one is open shares its
database session, and a forgotten commit would go unnoticed.
"""

from collections.abc import Callable

import pytest
from flask import Flask

from pst.consultations.jobs import tell_users
from tests.journeys.mailbox import link_in
from tests.pages import Browser, hidden, pressed
from tests.steps import DESK, ask

__all__ = ["Browser", "hidden", "pressed"]  # for those that import them from here


@pytest.fixture
def browser(app: Flask, at: object) -> Callable[[], Browser]:
    return lambda: Browser(app)


@pytest.fixture
def visitor(browser: Callable[[], Browser]) -> Browser:
    """Someone who is not signed in."""
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


@pytest.fixture
def served(siti: Browser, budi: Browser) -> None:
    """Let Siti ask, and Budi claim it."""
    ask(siti)
    budi.post(f"{DESK}/pengambilan")


@pytest.fixture
def strict(app: Flask, at: object) -> Flask:
    """An application that counts guesses and the mails asked for, as in service."""
    app.extensions["guesses"].enabled = True
    return app


@pytest.fixture
def link(siti: Browser, budi: Browser, andi: Browser) -> str:
    """The link in the mail that tells Siti her consultation is closed."""
    ask(siti)
    budi.post(f"{DESK}/pengambilan")
    budi.post(f"{DESK}/pesan", {"body": "Ini tabelnya."})
    budi.post(f"{DESK}/penutupan")
    return link_in(andi, "memberi penilaian", "/nilai/")


@pytest.fixture
def low(link: str, visitor: Browser) -> str:
    """Siti's low rating; the link with which she gave it."""
    visitor.post(link, {"score": "2", "comment": "Tabelnya tidak lengkap."})
    return link


@pytest.fixture
def answered(app, siti, budi, at):
    """Budi answered at 09.00, and at 09.02 Siti was not looking."""
    ask(siti)
    budi.post(f"{DESK}/pengambilan")
    budi.post(f"{DESK}/pesan", {"body": "Sangat rahasia: 31.000 jiwa.", "key": "a"})
    at("2026-03-02 09:02+07:00")
    with app.app_context():
        tell_users()


@pytest.fixture
def asked(siti: Browser, budi: Browser, at: Callable[[str], None]) -> None:
    """Let Siti ask for data at nine, and Budi claim it."""
    at("2026-03-02 09:00+07:00")
    siti.post(
        "/konsultasi/baru?jenis=data",
        {"subject": "IPM", "description": "IPM 2025?", "area": "B", "years": "2025"},
    )
    budi.post(f"{DESK}/pengambilan")
