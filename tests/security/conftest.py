"""Something of everything, made through the pages: what strangers will reach for."""

import re
import shutil
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from pst import create_app
from tests.conftest import fuller, settings_for
from tests.journeys.conftest import Browser
from tests.journeys.mailbox import letters, link_in

SECRET = "Rahasia-Siti"
NUMBER = "KS-2026-000001"
MINE = f"/konsultasi/{NUMBER}"
DESK = f"/petugas/konsultasi/{NUMBER}"


@dataclass
class Office:
    """Everyone, signed in, and the links that were mailed to Siti."""

    app: Flask
    people: dict[str, Browser]
    tokens: dict[str, str]

    def __getitem__(self, name: str) -> Browser:
        return self.people[name]

    def on(self, app: Flask) -> "Office":
        """Seat the same people before `app`, which has a copy of the data."""
        people = {name: browser.on(app) for name, browser in self.people.items()}
        return Office(app, people, dict(self.tokens))


# Of the entries, each step has one too.
ANSWER = 5


@pytest.fixture(scope="session")
def furnished(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The office on a folder of its own, which no test touches."""
    return fuller(built, tmp_path_factory.mktemp("furnished"), furnish)


@pytest.fixture
def starting_data(request: pytest.FixtureRequest, starting_data: Path) -> Path:
    """The office's folder, for a test that asks for it."""
    if "office" not in request.fixturenames:
        return starting_data
    folder: Path = request.getfixturevalue("furnished").app.config["PST"].data_dir
    return folder


@pytest.fixture
def strict(built: Path, tmp_path: Path, at: object) -> Flask:
    """An application that counts and limits, as in service."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return create_app(settings_for(tmp_path, testing=False, redis_url=None))


@pytest.fixture
def office(furnished: Office, app: Flask, at: object) -> Office:
    return furnished.on(app)


def furnish(app: Flask) -> Office:
    """Make Siti's consultation with files, rated low, followed up; a report."""
    names = ("siti", "dewi", "budi", "rina", "hasan", "andi")
    people = {name: Browser(app).log_in(name) for name in names}
    siti, budi, andi = people["siti"], people["budi"], people["andi"]
    siti.post(
        "/konsultasi/baru?jenis=data",
        {
            "subject": f"{SECRET} subjek",
            "description": f"{SECRET} uraian",
            "area": "Wanadadi",
            "years": "2025",
        },
    )
    budi.post(f"{DESK}/pengambilan")
    file = (BytesIO(b"%PDF-1.4 x"), f"{SECRET}.pdf")
    siti.post(f"{MINE}/pesan", {"body": f"{SECRET} pesan", "files": file})
    budi.post(f"{DESK}/catatan", {"body": f"{SECRET} catatan"})
    budi.post(f"{DESK}/pesan", {"body": f"{SECRET} jawaban"})
    budi.post(f"{DESK}/tanda", {"mark": f"final {ANSWER}"})
    budi.post(f"{DESK}/penutupan")
    rating = link_in(andi, NUMBER, "/nilai/")
    Browser(app).post(rating, {"score": "1", "comment": f"{SECRET} komentar"})
    shelf = budi.get("/petugas/laporan").text
    match = re.search(r'<option selected value="([^"]+)"', shelf)
    budi.post("/petugas/laporan", {"period": match[1] if match else ""})
    tokens = {"nilai": rating.rsplit("/", 1)[-1]}
    if found := re.search(r"/tindak-lanjut/([^/\s]{20,})", mails_of(andi)):
        tokens["tindak-lanjut"] = found[1]
    return Office(app, people, tokens)


def mails_of(andi: Browser) -> str:
    return "\n".join(letters(andi))
