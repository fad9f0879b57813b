"""A citizen at the counter, and one who calls: written down while they are there."""

import re

from tests.journeys.conftest import hidden
from tests.steps import CALL


def test_a_call_is_written_down_and_found_again(budi, rina):
    answer = budi.post("/petugas/catat", CALL)
    assert answer.status_code == 303
    again = budi.post("/petugas/catat", CALL)  # the first answer was lost on the way
    assert "KS-2026-000001" in budi.get(again.location).text

    found = rina.get("/petugas/pencarian?q=gabah").text
    assert found.count("KS-2026-000001 ·") == 1
    page = rina.get("/petugas/konsultasi/KS-2026-000001").text
    assert "Dicatat petugas: telepon" in page
    assert "Jawaban final" in page
    assert "Buat artikel" in page


def test_what_is_wrong_comes_back_filled(budi):
    wrong = {**CALL, "answer": "", "asked_at": "2026-03-03T08:40", "minutes": "lama"}
    page = budi.post("/petugas/catat", wrong)

    assert page.status_code == 422
    assert "Tulis jawabannya" in page.text
    assert "Waktunya belum tiba." in page.text
    assert "Isi 0 sampai 600 menit." in page.text
    assert 'value="Harga gabah"' in page.text
    assert "Not a valid" not in page.text


def test_nothing_chosen_is_said_kindly(budi):
    page = budi.post("/petugas/catat", {"subject": "Gabah", "asked_at": "x"})

    assert page.status_code == 422
    assert page.text.count("Pilih salah satu.</p>") == 2, "by each question"
    links = re.findall(r'<a href="#([^"]+)">[^<]*Pilih salah satu.</a>', page.text)
    assert len(links) == 2
    assert all(f'id="{id}"' in page.text for id in links)
    assert "Isi tanggal dan jamnya." in page.text


def test_what_is_not_answered_waits_on_the_list(budi, rina):
    later = {**CALL, "answer": "", "outcome": "antrian", "name": "Pak Darmo"}
    budi.post("/petugas/catat", later)
    mine = {**CALL, "answer": "", "outcome": "saya", "key": "two", "subject": "Salak"}
    answer = budi.post("/petugas/catat", mine)

    assert answer.location.endswith("/petugas/konsultasi/KS-2026-000002")
    lists = rina.get("/petugas").text
    assert "Pak Darmo" in lists
    assert "Telepon" in lists
    shown = rina.get("/petugas/konsultasi/KS-2026-000001")
    assert shown.status_code == 200
    rina.post("/petugas/konsultasi/KS-2026-000001/pengambilan")
    page = rina.get("/petugas/konsultasi/KS-2026-000001").text
    assert "Tutup konsultasi bila selesai" in page
    assert 'value="tunggu"' not in page
    answered = {
        "body": "Sudah kami telepon.",
        "then": "selesai",
        "closes": "ya",
        "key": "k",
    }
    rina.post("/petugas/konsultasi/KS-2026-000001/pesan", answered)
    assert "Selesai" in rina.get("/petugas/konsultasi/KS-2026-000001").text


def test_who_left_an_address_rates_by_the_mail(budi, andi, visitor):
    budi.post("/petugas/catat", {**CALL, "email": "tamu@contoh.test"})

    mails = andi.get("/admin/surel").text
    id = re.findall(r'href="/admin/surel/(\d+)"', mails)[0]
    letter = andi.get(f"/admin/surel/{id}").text
    path = re.search(r"https?://[^/\s]+(/nilai/[^\s<\"]+)", letter)
    assert path
    page = visitor.get(path[1])
    assert page.status_code == 200
    score = {"score": "5", "need": "yes"}
    if 'name="need"' in page.text:
        score["need"] = hidden(page.text, "need")
    assert visitor.post(path[1], score).status_code == 303
    people = andi.get("/admin/pengguna").text
    assert "pengunjung.invalid" not in people


def test_who_left_no_address_is_owed_no_mail_and_not_asked_to_rate(budi, andi):
    form = {**CALL, "email": "", "phone": "", "name": "Pak Darmo"}
    page = budi.get(budi.post("/petugas/catat", form).location).text
    assert "KS-2026-000001" in page
    later = {**CALL, "key": "two", "email": " ", "outcome": "saya", "answer": ""}
    desk = budi.post("/petugas/catat", later).location
    budi.post(f"{desk}/pesan", {"body": "Rp6.500.", "then": "selesai", "closes": "ya"})

    assert "/admin/surel/" not in andi.get("/admin/surel").text
    assert "Email</dt>" not in budi.get(desk).text


LETTER = {**CALL, "channel": "letter", "asked_at": "2026-02-10T09:00"}


def test_a_letter_is_answered_when_the_officer_says(budi):
    assert 'name="answered_at" ' in budi.get("/petugas/catat").text
    form = {**LETTER, "answered_at": "2026-02-12T10:30"}
    assert budi.post("/petugas/catat", form).location == "/petugas"

    page = budi.get("/petugas/konsultasi/KS-2026-000001").text
    assert "<dt>Jawaban pertama</dt><dd>12 Februari 2026 pukul 10.30" in page


def test_a_letter_that_is_answered_now_was_late_and_why_is_asked(budi):
    sent_on = budi.post("/petugas/catat", LETTER).location

    assert sent_on == "/petugas/konsultasi/KS-2026-000001/penutupan"
    assert "Mengapa terlambat?" in budi.get(sent_on).text
    page = budi.get("/petugas/konsultasi/KS-2026-000001").text
    assert "<dt>Jawaban pertama</dt><dd>2 Maret 2026 pukul 09.00" in page


def test_no_letter_is_answered_before_it_came_or_tomorrow(budi):
    for when, why in (
        ("2026-02-10T08:59", "Jawaban tidak mungkin mendahului pertanyaannya."),
        ("2026-03-02T09:01", "Waktunya belum tiba."),
        ("kemarin", "Isi tanggal dan jamnya."),
    ):
        page = budi.post("/petugas/catat", {**LETTER, "answered_at": when})
        assert page.status_code == 422
        assert why in page.text
    assert 'value="2026-02-10T09:00"' in page.text


def test_no_talk_lasts_into_the_future(budi):
    page = budi.post("/petugas/catat", {**CALL, "minutes": "21"})
    assert page.status_code == 422
    assert "Bila baru saja selesai, mulainya pukul 08.39." in page.text

    assert budi.post("/petugas/catat", {**CALL, "minutes": "20"}).status_code == 303
