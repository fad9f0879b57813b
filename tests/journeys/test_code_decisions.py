"""An officer inserts a code, a colleague keeps the words: the next search finds it."""

import html
import re

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.classifications.importing import example
from pst.classifications.lookup import candidates_for
from pst.consultations.answers.code_decisions import CodeDecision
from pst.consultations.models import Consultation
from pst.database import db, transaction
from pst.reports.figures.demand_figures import DemandFigures
from pst.reports.periods import Period
from tests.journeys.conftest import Browser, hidden

NUMBER = "KS-2026-000001"
DESK = f"/petugas/konsultasi/{NUMBER}"
FORM = "/konsultasi/baru?jenis=classification"
ACTIVITY = "jualan nasi goreng gerobak"


@pytest.fixture(autouse=True)
def _asked(app: Flask, siti: Browser, budi: Browser) -> None:
    """Siti asks for a code, and Budi takes it."""
    with app.app_context(), transaction():
        example.load()
    fields = {
        "subject": "Kode usaha saya",
        "description": "Untuk izin.",
        "activity": ACTIVITY,
        "key": hidden(siti.get(FORM).text, "key"),
    }
    assert siti.post(FORM, fields).status_code == 303
    budi.post(f"{DESK}/pengambilan")


def answered(budi: Browser, body: str, **more: str) -> None:
    page = budi.get(DESK).text
    fields = {"body": body, "key": hidden(page, "key"), "seen": hidden(page, "seen")}
    assert budi.post(f"{DESK}/pesan", {**fields, **more}).status_code in (204, 303)


def texts(page: str) -> list[str]:
    """Return what the buttons of a page put into the answer."""
    return [html.unescape(t) for t in re.findall(r'data-insert="([^"]*)"', page)]


def decisions(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.scalars(sa.select(CodeDecision).order_by(CodeDecision.id))
        return [(row.code.code, row.review.value) for row in rows]


def first_codes(app: Flask, words: str) -> list[str]:
    with app.app_context():
        return [each.code.code for each in candidates_for(words)]


def test_the_officer_gets_codes_for_what_the_user_described(budi: Browser):
    assert 'hx-trigger="load, input changed' in budi.get(DESK).text
    text = texts(budi.get(f"{DESK}/kode?q=").text)[0]

    lines = text.splitlines()
    assert lines[0] == "KBLI 2025 56103 Penyediaan Makanan Keliling dan Kaki Lima"
    assert "penjualan makanan siap santap" in lines[1]
    assert "Di KBLI 2020: 56103." in lines
    assert lines[-1].endswith("/klasifikasi/kbli-2025/56103")


def test_other_words_find_other_codes(budi: Browser):
    page = budi.get(f"{DESK}/kode?q=servis+kulkas").text

    assert texts(page)[0].startswith("KBLI 2025 95210")


def test_a_code_is_inserted_in_one_press_without_a_script(budi: Browser):
    page = budi.get(DESK).text
    id = re.search(r'<option value="(\d+)">\s*56103', page)
    assert id
    fields = {"body": "Selamat pagi.", "key": hidden(page, "key"), "code": id[1]}
    assert budi.post(f"{DESK}/pesan", {**fields, "press": "kode"}).status_code == 303

    match = re.search(
        r"<textarea[^>]*name=\"body\"[^>]*>(.*?)</textarea>", budi.get(DESK).text, re.S
    )
    assert match
    assert (
        html.unescape(match[1]).strip().startswith("Selamat pagi.\n\nKBLI 2025 56103")
    )


def test_a_code_that_an_answer_names_is_the_decision(app: Flask, budi: Browser):
    answered(
        budi, "Kodenya KBLI 2025 56103, bukan KBLI 2025 kode 56101 atau KBLI 2025 1."
    )
    answered(budi, "Sekali lagi: KBLI 2025 56103.")

    assert decisions(app) == [("56103", "pending")]


def test_a_request_of_another_kind_has_no_panel(
    app: Flask, siti: Browser, budi: Browser
):
    assert "Sisipkan kode" in budi.get(DESK).text
    fields = {
        "subject": "Penduduk",
        "description": "x",
        "area": "Wanadadi",
        "years": "2025",
        "key": hidden(siti.get("/konsultasi/baru?jenis=data").text, "key"),
    }
    siti.post("/konsultasi/baru?jenis=data", fields)
    budi.post("/petugas/konsultasi/KS-2026-000002/pengambilan")

    other = budi.get("/petugas/konsultasi/KS-2026-000002").text
    assert "Sisipkan artikel" in other and "Sisipkan kode" not in other


def test_what_a_colleague_keeps_improves_the_next_search(
    app: Flask, budi: Browser, rina: Browser
):
    words = "angkringan sego kucing malam"
    assert first_codes(app, words)[:1] != ["56103"]
    answered(budi, "KBLI 2025 56103")

    own = budi.get("/petugas/artikel/kode").text
    assert "Ditinjau oleh petugas lain" in own
    assert (
        budi.post(
            "/petugas/artikel/kode/1", {"press": "pakai", "words": words}
        ).status_code
        == 422
    )

    assert ACTIVITY in rina.get("/petugas/artikel/kode").text
    answer = rina.post("/petugas/artikel/kode/1", {"press": "pakai", "words": words})
    assert answer.status_code == 303
    assert decisions(app) == [("56103", "kept")]
    assert first_codes(app, words)[0] == "56103"
    # An import keeps what was learnt.
    with app.app_context(), transaction():
        example.load()
    assert first_codes(app, words)[0] == "56103"


def test_words_with_personal_data_are_not_kept(
    app: Flask, budi: Browser, rina: Browser
):
    answered(budi, "KBLI 2025 56103")

    for words in ("warung Siti Rahayu", "telepon 0812-3456-7890", " ", "x" * 300):
        refused = rina.post(
            "/petugas/artikel/kode/1", {"press": "pakai", "words": words}
        )
        assert refused.status_code == 422
    assert (
        "Buang data pribadi dahulu"
        in rina.post(
            "/petugas/artikel/kode/1",
            {"press": "pakai", "words": "surel a@contoh.test"},
        ).text
    )
    assert decisions(app) == [("56103", "pending")]

    assert rina.post("/petugas/artikel/kode/1", {"press": "lewati"}).status_code == 303
    assert decisions(app) == [("56103", "left")]


def test_the_report_lists_activities_with_their_codes(app: Flask, budi: Browser):
    answered(budi, "KBLI 2025 56103")

    with app.app_context():
        rows = DemandFigures(Period.parse("2026-03")).codes
    label = "KBLI 2025 56103 Penyediaan Makanan Keliling dan Kaki Lima"
    assert rows == [(ACTIVITY, label)]


def test_erasing_a_request_takes_its_words_from_the_review(
    app: Flask, budi: Browser, rina: Browser
):
    answered(budi, "KBLI 2025 56103")
    with app.app_context(), transaction():
        db.session.scalars(sa.select(Consultation)).one().erase(None)

    assert ACTIVITY not in rina.get("/petugas/artikel/kode").text
    with app.app_context():
        assert DemandFigures(Period.parse("2026-03")).codes == []
