"""The worklist as an officer reads it."""

import re

from tests.journeys.conftest import Browser
from tests.steps import DESK, TAKING, ask


def rows(browser: Browser) -> list[str]:
    page = browser.get("/petugas").text
    return re.findall(r'<li id="consultation-.*?</li>', page, re.S)


def test_each_row_says_who_waits_for_whom(siti, budi, rina):
    for number in ("1", "2"):
        ask(siti, subject=f"Permintaan {number}")
        budi.post(f"/petugas/konsultasi/KS-2026-00000{number}/pengambilan")
    budi.post(f"{DESK}/pesan", {"body": "Tahun berapa?"})

    owed, silent = rows(budi)

    assert "menunggu Anda" in owed
    assert "menunggu pengguna" in silent
    assert "Ditutup 5 Mar 09.00" in silent
    assert "Anda: Tahun berapa?" in silent
    assert "menunggu Budi Santoso" in "".join(rows(rina))


def test_who_is_away_shows_in_the_list_and_is_taken_over_there(siti, budi, rina, hasan):
    ask(siti)
    budi.post(f"{DESK}/pengambilan")
    assert "Ambil alih" not in rina.get("/petugas").text
    budi.post("/petugas/jadwal", {"first": "2026-03-02", "last": "2026-03-02"})

    (row,) = rows(rina)
    assert "Budi Santoso tidak bertugas" in row
    number = DESK.rpartition("/")[2]
    assert f'name="take_over" value="{number}"' in row
    assert "Ambil alih" not in hasan.get("/petugas").text

    taken = rina.post(TAKING, {"take_over": number})
    assert taken.location == DESK
    assert "menunggu Anda" in "".join(rows(rina))


def test_who_takes_over_too_late_is_led_to_the_conversation(siti, budi, rina):
    ask(siti)
    budi.post(f"{DESK}/pengambilan")

    late = rina.post(TAKING, {"take_over": DESK.rpartition("/")[2]})

    assert late.status_code == 409
    assert f'href="{DESK}"' in late.text


def test_who_claims_from_the_list_too_late_is_shown_who_has_it(siti, budi, rina):
    ask(siti)
    button = {"claim": DESK.rpartition("/")[2]}
    assert budi.post(TAKING, button).location == DESK

    late = rina.post(TAKING, button)

    assert late.status_code == 409
    assert "Budi Santoso" in late.text
    for fields in ({}, {"claim": "KS-2026-000009"}, {"take_over": "x"}):
        assert rina.post(TAKING, fields).status_code == 404


def test_every_page_of_an_officer_says_how_many_wait(siti, budi, hasan):
    ask(siti)

    for path in ("/petugas/artikel", "/petugas/jadwal", "/akun", DESK, "/petugas"):
        page = budi.get(path).text
        assert 'data-waiting="1"' in page, path
        # One poll a page: the list and the conversation bring the number along.
        assert page.count("data-poll ") == 1, path
    assert "(1)" in budi.get("/petugas/artikel").text.partition("</title>")[0]
    assert "data-waiting" not in hasan.get("/petugas/jadwal").text
    assert "data-waiting" not in siti.get("/akun").text
    budi.post(f"{DESK}/pengambilan")
    budi.post(f"{DESK}/pesan", {"body": "Tahun berapa?"})
    assert 'data-waiting="0" hidden' in budi.get("/petugas/jadwal").text
