"""Canned answers, put into an answer: own ones and shared ones."""

import re

from tests.journeys.conftest import Browser
from tests.steps import DESK, HTMX, siti_sees


def write_canned(browser: Browser, title: str, body: str, **more: str) -> None:
    answer = browser.post("/petugas/templat", {"title": title, "body": body, **more})
    assert answer.status_code == 303


def test_a_canned_answer_comes_filled(served, budi):
    write_canned(budi, "Salam", "Yth. {nama}, {nomor} {petugas} {tenggat}")

    text = budi.get(f"{DESK}/templat", headers=HTMX).text

    assert "Yth. Siti Rahayu, KS-2026-000001 Budi Santoso 5 Maret 2026" in text


def test_own_texts_are_ones_own_and_shared_ones_everybodys(served, budi, rina):
    write_canned(budi, "Punya Budi", "Teks.")
    write_canned(budi, "Punya semua", "Teks.", shared="y")

    page = rina.get("/petugas/templat").text

    assert "Punya semua" in page
    assert "Punya Budi" not in page
    mine = re.search(
        r'/petugas/templat/(\d+)">Punya Budi', budi.get("/petugas/templat").text
    )
    assert mine
    assert rina.get(f"/petugas/templat/{mine[1]}").status_code == 404
    assert rina.post(f"/petugas/templat/{mine[1]}/penghapusan").status_code == 404


def test_a_canned_answer_is_put_in_without_scripts(served, budi):
    write_canned(budi, "Salam", "Selamat pagi, {nama}.")
    id = re.search(r'<option value="(\d+)">Salam', budi.get(DESK).text)
    assert id

    form = {"body": "Baik.", "press": "templat", "canned": id[1]}
    assert budi.post(f"{DESK}/pesan", form).status_code == 303

    assert "Baik.\n\nSelamat pagi, Siti Rahayu." in budi.get(DESK).text
    assert "Selamat pagi" not in siti_sees(budi)


def test_no_one_takes_a_shared_text_for_themselves(served, budi, rina):
    write_canned(budi, "Salam", "Selamat pagi.", shared="y")
    listed = rina.get("/petugas/templat").text
    match = re.search(r'/petugas/templat/(\d+)">Salam', listed)
    assert match
    path = f"/petugas/templat/{match[1]}"
    page = rina.get(path).text
    assert "Hanya Budi Santoso, yang membuatnya" in page
    assert 'name="shared"' not in page

    assert rina.post(path, {"title": "Salam", "body": "Pagi."}).status_code == 303

    assert "Pagi." in budi.get("/petugas/templat").text
    assert ">Bersama<" in rina.get("/petugas/templat").text
    mine = {"title": "Salam", "body": "Selamat pagi."}
    assert budi.post(path, mine).status_code == 303
    assert "Milik saya" in budi.get("/petugas/templat").text
    assert rina.get(path).status_code == 404
