"""With a virus scanner nothing that it finds, or could not look at, is handed on."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from pst.consultations.attached_files import attachments
from pst.database import engine_of
from pst.uploads import scanning
from tests.consultations.clamd import VIRUS, Clamd
from tests.journeys.conftest import Browser
from tests.kept_files import attached
from tests.steps import DESK, MINE, ask

CLEAN = b"%PDF-1.4 bersih"


def use(app: Flask, address: str) -> None:
    app.config["PST"] = replace(app.config["PST"], clamd=address)


@pytest.fixture(params=["path", "port"])
def clamd(app: Flask, request, tmp_path: Path) -> Iterator[Clamd]:
    made = Clamd(tmp_path / "clamd.ctl" if request.param == "path" else None)
    use(app, made.address)
    yield made
    made.close()


@pytest.fixture
def asked(siti: Browser, budi: Browser) -> Browser:
    """Siti, whose consultation Budi has taken."""
    ask(siti)
    budi.post(f"{DESK}/pengambilan")
    return siti


def send(who: Browser, content: bytes, key: str = "k"):  # type: ignore[no-untyped-def]
    files = {"files": (BytesIO(content), "berkas.pdf"), "key": key}
    return who.post(f"{MINE}/lampiran", files)


def test_both_sides_read_that_a_file_was_held_back(
    app: Flask, clamd: Clamd, asked: Browser, budi: Browser, andi: Browser
):
    answer = send(asked, VIRUS)
    assert answer.status_code == 201
    assert "ditahan" in answer.json["held"]
    asked.post(f"{MINE}/pesan", {"body": "Ini.", "attachment": answer.json["id"]})

    for who, page in ((asked, MINE), (budi, DESK)):
        text = who.get(page).text
        assert "Berkas ini ditahan" in text
        assert "Uji-Coba" in text
        address = f"{MINE}/lampiran/{answer.json['id']}"
        assert f'href="{address}"' not in text
        refused = who.get(address)
        assert refused.status_code == 409
        assert VIRUS not in refused.data
    assert "1 berkas ditahan" in andi.get("/admin").text
    assert "Berkas ditahan" in andi.get("/admin/audit?tindakan=hold_back_file").text
    with app.app_context():
        (kept,) = scanning.quarantined()
        assert kept.read_bytes() == VIRUS
        assert all(VIRUS not in content for content in attached())


def test_a_file_with_a_plain_form_is_held_back_too(clamd: Clamd, asked: Browser):
    form = {"body": "Ini berkasnya.", "files": (BytesIO(VIRUS), "berkas.pdf")}
    assert asked.post(f"{MINE}/pesan", form).status_code == 303

    assert "Berkas ini ditahan" in asked.get(MINE).text


def test_what_is_clean_is_taken(clamd: Clamd, asked: Browser):
    answer = send(asked, CLEAN)

    assert answer.status_code == 201
    assert "held" not in answer.json
    assert clamd.seen == [CLEAN]
    assert asked.get(f"{MINE}/lampiran/{answer.json['id']}").data == CLEAN


def test_others_write_while_a_file_is_looked_at(
    app: Flask, clamd: Clamd, asked: Browser
):
    wrote = []

    def write() -> None:
        url = app.config["PST"].database_url
        wrote.append(engine_of(url).why_not_writable(url, patience_s=0) == "")

    clamd.before = write

    assert send(asked, CLEAN).status_code == 201
    assert wrote == [True]


def test_a_slow_scanner_holds_no_one_for_long(
    clamd: Clamd, asked: Browser, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(scanning, "SCAN_S", 0.2)
    ended = threading.Event()
    clamd.before = ended.wait

    answer = send(asked, CLEAN)

    ended.set()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "tidak menjawab" in answer.json["error"]


def test_without_the_scanner_words_go_and_files_do_not(
    app: Flask, asked: Browser, andi: Browser, tmp_path: Path
):
    use(app, str(tmp_path / "nothing.ctl"))

    assert send(asked, CLEAN).status_code == 503
    form = {"body": "Kata saya", "files": (BytesIO(CLEAN), "berkas.pdf")}
    refused = asked.post(f"{MINE}/pesan", form)
    assert refused.status_code == 422
    assert "tidak menjawab" in refused.text
    assert "Kata saya" in refused.text
    assert asked.post(f"{MINE}/pesan", {"body": "Tanpa berkas"}).status_code == 303
    assert "Pemeriksa virus tidak menjawab" in andi.get("/admin").text


def test_a_file_that_the_scanner_does_not_take_is_refused(clamd: Clamd, asked: Browser):
    clamd.limit = 100_000

    answer = send(asked, CLEAN + b"x" * 1_000_000)

    assert answer.status_code == 422
    assert "terlalu besar untuk pemeriksa virus" in answer.json["error"]


def test_quarantine_is_emptied_after_a_month(
    app: Flask, clamd: Clamd, asked: Browser, at
):
    send(asked, VIRUS)

    at("2026-04-20 09:00+07:00")
    with app.app_context():
        attachments.sweep_files()
        assert not scanning.quarantined()
