"""Who sends more than a person can type is asked to wait, and loses nothing."""

from io import BytesIO

import pytest
from flask import Flask

from pst import create_app
from tests.conftest import copy, settings_for
from tests.journeys.conftest import Browser

OURS = {"Sec-Fetch-Site": "same-origin"}
REQUEST = {
    "subject": "Jumlah penduduk",
    "description": "Menurut umur, tahun 2020 sampai 2025.",
    "area": "Wanadadi",
    "years": "2025",
}


@pytest.fixture
def strict(built, tmp_path, at) -> Flask:
    """An application that limits how often someone sends, as in service."""
    copy(built, tmp_path)
    return create_app(settings_for(tmp_path, testing=False, redis_url=None))


def test_who_sends_too_often_waits_and_keeps_the_text(strict):
    siti, dewi = Browser(strict).log_in("siti"), Browser(strict).log_in("dewi")
    for n in range(20):
        answer = siti.post(
            "/konsultasi/baru?jenis=data", REQUEST | {"key": f"kunci-{n}"}
        )
        assert answer.status_code == 303

    refused = siti.post(
        "/konsultasi/baru?jenis=data", REQUEST | {"key": "kunci-20"}, headers=OURS
    )

    assert refused.status_code == 429
    assert "Terlalu banyak kiriman" in refused.text
    assert REQUEST["description"] in refused.text
    assert dewi.post("/konsultasi/baru?jenis=data", REQUEST).status_code == 303


def files(count: int) -> list[tuple[BytesIO, str]]:
    return [(BytesIO(b"%PDF-1.4 x"), f"{n}.pdf") for n in range(count)]


def test_who_sends_very_many_files_waits_and_keeps_the_text(strict):
    siti = Browser(strict).log_in("siti")
    mine = siti.post("/konsultasi/baru?jenis=data", REQUEST).location.split("?")[0]
    text = {"body": "Ini semua berkas saya dari tahun lalu."}
    for n in range(3):  # ten files each
        answer = siti.post(f"{mine}/pesan", {"files": files(10), "key": f"kunci-{n}"})
        assert answer.status_code == 303

    scripted = OURS | {"HX-Request": "true"}
    upload = siti.post(f"{mine}/lampiran", {"files": files(1)}, headers=scripted)
    form = siti.post(f"{mine}/pesan", {**text, "files": files(1)}, headers=OURS)

    assert upload.status_code == form.status_code == 429
    assert upload.json["error"].startswith("Terlalu banyak berkas")
    assert upload.headers["Retry-After"] == "60"
    assert text["body"] in form.text
    assert siti.post(f"{mine}/pesan", text).status_code == 303, "words are free"
