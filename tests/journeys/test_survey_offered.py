"""The survey after a rating: offered once, and taken once."""

import re

from tests.steps import ask

SURVEY = {f"u{n}": "3" for n in range(1, 10)}


def test_the_survey_is_offered_after_the_rating_and_taken_once(link, visitor, andi):
    survey = f"{link}/survei"
    assert visitor.get(survey).status_code == 409
    visitor.post(link, {"score": "5"})
    assert survey in visitor.get(link).text
    page = visitor.get(survey).text
    assert "kesopanan dan keramahan" in page
    assert "Berfungsi kurang maksimal" in page

    part = visitor.post(survey, {"u1": "4"})
    assert part.status_code == 422
    assert part.text.count("Pilih salah satu jawaban.</p>") == 8, "by each question"
    assert part.text.count("Pilih salah satu jawaban.</a>") == 8, "links to them"
    assert re.search(r'<input [^>]*\bchecked\b[^>]*name="u1"[^>]*value="4"', part.text)
    assert visitor.post(survey, {**SURVEY, "u2": "5"}).status_code == 422
    assert visitor.post(survey, SURVEY).status_code == 303

    assert survey not in visitor.get(link).text
    again = visitor.post(survey, SURVEY)
    assert again.status_code == 409
    assert "cukup diisi satu kali" in again.text


def test_a_second_rating_in_the_period_offers_no_survey(link, siti, budi, visitor):
    visitor.post(link, {"score": "5"})
    ask(siti, subject="Yang kedua")
    other = "/petugas/konsultasi/KS-2026-000002"
    budi.post(f"{other}/pengambilan")
    budi.post(
        f"{other}/pesan",
        {"body": "Ini tabelnya.", "then": "selesai", "closes": "ya"},
    )
    card = siti.get("/konsultasi/KS-2026-000002/penilaian").text
    second = re.search(r'href="(/nilai/[^"?]+)', card)[1]

    siti.post(second, {"score": "4"})

    assert "/survei" not in siti.get(second).text
    assert "/survei" in visitor.get(link).text
    assert siti.get(f"{second}/survei").status_code == 409


def test_elements_that_do_not_apply_are_left_out(link, visitor, andi):
    andi.post("/admin/pengaturan", {"survey_off": "u4, u8"})
    visitor.post(link, {"score": "5"})
    page = visitor.get(f"{link}/survei").text

    assert page.count("<fieldset") == 7
    assert "biaya/tarif" not in page
    seven = {code: "3" for code in SURVEY if code not in ("u4", "u8")}
    assert visitor.post(f"{link}/survei", seven).status_code == 303
