"""An officer answers: drafts, the buttons, and being overtaken."""

import re

import pytest

from tests.journeys.conftest import Browser, hidden
from tests.steps import DESK, HTMX, MINE, NUMBER, ask, siti_sees


def seen(browser: Browser) -> str:
    return hidden(browser.get(DESK).text, "seen")


def test_a_draft_is_there_on_the_other_computer(served, budi):
    budi.post(f"{DESK}/draf", {"body": "Belum selesai", "key": "k1"})

    other = Browser(budi.app).log_in("budi")

    assert "Belum selesai" in other.get(DESK).text
    assert "Belum selesai" not in siti_sees(budi)


def test_sending_ends_the_draft_also_when_it_comes_late(served, budi):
    budi.post(f"{DESK}/draf", {"body": "Belum selesai", "key": "k1"})
    budi.post(f"{DESK}/pesan", {"body": "Sudah selesai", "key": "k1"})
    budi.post(f"{DESK}/draf", {"body": "Belum selesai", "key": "k1"})

    assert "Belum selesai" not in budi.get(DESK).text


def test_a_button_that_is_not_there_is_refused_and_keeps_the_words(served, budi):
    form = {"body": "Jumlahnya 31.000 jiwa.", "press": "lainnya"}

    refused = budi.post(f"{DESK}/pesan", form)

    assert refused.status_code == 422
    assert "Jumlahnya 31.000 jiwa." in refused.text


@pytest.mark.parametrize(
    ("choice", "state", "own"),
    [
        (("pengguna", ""), "Menunggu pengguna", "Petugas bertanya kepada Anda"),
        (("selesai", ""), "Menunggu pengguna", "Sudah dijawab"),
        (("saya", ""), "Sedang dilayani", "Sedang ditangani"),
        (("selesai", "ya"), "Selesai", "Selesai"),
    ],
)
def test_each_choice_does_what_it_says(served, siti, budi, choice, state, own):
    then, closes = choice
    form = {"body": "Jumlahnya 31.000 jiwa.", "then": then, "closes": closes}
    assert budi.post(f"{DESK}/pesan", form).status_code == 303

    page = budi.get(DESK).text

    assert state in re.search(r'id="state".*?</section>', page, re.S)[0]
    assert own in re.search(r'id="state".*?</section>', siti.get(MINE).text, re.S)[0]
    assert ("Bukan jawaban final" in page) == (then == "selesai")


def test_sending_and_closing_twice_closes_once(served, siti, budi):
    form = {"body": "Selesai.", "then": "selesai", "closes": "ya", "key": "k1"}
    assert budi.post(f"{DESK}/pesan", form).status_code == 303
    siti.post(f"{MINE}/pesan", {"body": "Masih ada pertanyaan."})

    assert budi.post(f"{DESK}/pesan", form).status_code == 303

    assert "Sedang dilayani" in budi.get(DESK).text


def test_what_others_wrote_is_read_before_the_answer_goes_out(served, siti, budi):
    before = seen(budi)
    siti.post(f"{MINE}/pesan", {"body": "Maaf, yang saya maksud Batur."})

    form = {"body": "Jumlah di Wanadadi 31.000.", "seen": before}
    answer = budi.post(f"{DESK}/pesan", form)

    assert answer.status_code == 409
    assert "Siti Rahayu menulis sesudah halaman ini Anda buka" in answer.text
    assert "yang saya maksud Batur" in answer.text
    assert "Jumlah di Wanadadi 31.000." in answer.text
    assert "31.000" not in siti.get(MINE).text

    form["seen"] = hidden(answer.text, "seen")
    assert budi.post(f"{DESK}/pesan", form).status_code == 303
    assert "31.000" in siti.get(MINE).text


def test_a_repeat_is_not_held_up_by_what_came_after(served, siti, budi):
    form = {"body": "Jumlahnya 31.000.", "seen": seen(budi), "key": "k1"}
    budi.post(f"{DESK}/pesan", form)
    siti.post(f"{MINE}/pesan", {"body": "Terima kasih."})

    assert budi.post(f"{DESK}/pesan", form).status_code == 303
    assert siti.get(MINE).text.count("Jumlahnya 31.000.") == 1


def test_earlier_consultations_and_ratings_are_at_hand(served, siti, budi):
    ask(siti, subject="Kode KBLI warung kopi")

    assert "Kode KBLI warung kopi" in budi.get(DESK).text
    assert "Kode KBLI warung kopi" in budi.get(f"{DESK}/riwayat").text
    assert siti.get(f"{DESK}/riwayat").status_code == 403


def test_the_list_is_filtered_by_its_address(served, budi):
    assert NUMBER in budi.get("/petugas?jenis=data").text
    assert NUMBER not in budi.get("/petugas?jenis=metadata").text
    assert NUMBER not in budi.get("/petugas?sampai=2026-03-01").text
    assert NUMBER in budi.get("/petugas?dari=2026-03-02&sampai=2026-03-02").text


def test_a_filter_with_a_date_that_is_none_shows_it_and_says_so(budi):
    answer = budi.get("/petugas?dari=31%2F12%2F2026&sampai=2026-03-02")

    assert answer.status_code == 200
    assert "“31/12/2026” bukan tanggal." in answer.text
    values = dict(re.findall(r'name="(dari|sampai)"[^>]*?value="([^"]*)"', answer.text))
    assert values == {"dari": "31/12/2026", "sampai": "2026-03-02"}


def test_closing_late_asks_why(served, budi, at):
    at("2026-03-06 09:00+07:00")
    budi.log_in("budi")
    form = {"body": "Maaf terlambat.", "then": "selesai", "closes": "ya"}
    answer = budi.post(f"{DESK}/pesan", form)
    assert answer.location == f"{DESK}/penutupan"

    assert budi.post(f"{DESK}/penutupan").status_code == 422
    reason = {"reason": "workload", "note": "Sensus"}
    assert budi.post(f"{DESK}/penutupan", reason).status_code == 303

    page = budi.get(DESK).text
    assert "Terlambat: Banyak permintaan bersamaan (Sensus)" in page
    assert "Selesai" in page


SECOND = "/petugas/konsultasi/KS-2026-000002"


def test_clarity_is_taken_back_on_the_page(served, budi):
    budi.post(f"{DESK}/kejelasan", {"body": "Wilayah mana?"})
    assert "waktu layanan seperti sebelumnya" in budi.get(DESK).text

    assert budi.post(f"{DESK}/pembatalan-waktu").status_code == 303

    assert "waktu layanan seperti sebelumnya" not in budi.get(DESK).text
    assert "5 Maret 2026 pukul 15.30 WIB" in budi.get(DESK).text


def test_the_number_in_silastik_is_noted(served, budi, siti):
    path = f"{DESK}/nomor-silastik"
    assert budi.post(path, {"silastik": "x" * 41}).status_code == 422
    assert budi.post(path, {"silastik": "SLS-77"}).status_code == 303

    assert "Nomor Silastik: SLS-77" in budi.get(DESK).text
    assert siti.post(path, {"silastik": "SLS-78"}).status_code == 403


def test_urgent_follow_ups_stand_below_the_list(served, budi):
    assert "badge" not in budi.get("/petugas/tindak-lanjut/mendesak", headers=HTMX).text


def test_sending_on_opens_what_is_most_urgent(served, siti, budi, at):
    ask(siti, subject="Kedua")
    at("2026-03-02 10:00+07:00")
    ask(siti, subject="Ketiga")
    form = {"body": "Tahun berapa?", "press": "berikutnya"}

    answer = budi.post(f"{DESK}/pesan", form)

    onward = budi.client.get(answer.location)
    assert onward.location == f"{SECOND}#baru"
    answer = budi.post(f"{DESK}/pesan", {**form, "body": "Bulan berapa?"}, headers=HTMX)
    assert answer.headers["HX-Redirect"] == "/petugas/berikutnya?sesudah=KS-2026-000001"
    assert "Menunggu pengguna" in budi.get(DESK).text
    for number in (2, 3):
        path = f"/petugas/konsultasi/KS-2026-00000{number}"
        budi.post(f"{path}/pengambilan")
        last = budi.post(f"{path}/pesan", form)
    done = budi.client.get(last.location)
    assert done.location == "/petugas"
    assert "Tidak ada lagi yang menunggu Anda." in budi.get("/petugas").text


def test_a_conversation_says_where_the_unread_begins(served, siti, budi):
    budi.post(f"{DESK}/pesan", {"body": "Tahun berapa?"})  # and so read till there
    assert budi.get(DESK).text.count('id="baru"') == 1
    assert "Belum dibaca" not in budi.get(DESK).text

    siti.post(f"{MINE}/pesan", {"body": "Tahun 2025."})

    page = budi.get(DESK).text
    assert page.count('id="baru"') == 1
    before, _, after = page.partition("Belum dibaca")
    assert "Tahun berapa?" in before and "Tahun 2025." in after
    assert f"{DESK}#baru" in budi.get("/petugas").text


def test_the_title_of_a_tab_begins_with_what_waits(siti, budi):
    assert re.search(r"<title>\s*Meja kerja", budi.get("/petugas").text)
    ask(siti)

    for path in ("/petugas", "/petugas/artikel"):
        title = re.search(r"<title>\s*(.+?)\s", budi.get(path).text)
        assert title and title[1] == "(1)"
