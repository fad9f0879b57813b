"""An officer answers: canned texts, drafts, the buttons, and being overtaken."""

import re
from datetime import date

import pytest

from pst.accounts.users import User
from pst.consultations.duty import DutyChange
from pst.database import transaction
from pst.demo.people import Person, register
from pst.web.access import Role
from tests.journeys.conftest import Browser, hidden
from tests.steps import DESK, HTMX, MINE, NUMBER, ask


def seen(browser: Browser) -> str:
    return hidden(browser.get(DESK).text, "seen")


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


def siti_sees(budi: Browser) -> str:
    return Browser(budi.app).log_in("siti").get(MINE).text


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


def test_a_colleague_takes_over_from_who_is_away(served, budi, rina):
    assert "Ambil alih" not in rina.get(DESK).text
    away = {"first": "2026-03-02", "last": "2026-03-02", "note": "sakit"}
    assert budi.post("/petugas/jadwal", away).status_code == 303
    assert "sakit" in rina.get("/petugas/jadwal").text
    assert "Ambil alih" in rina.get(DESK).text

    assert rina.post(f"{DESK}/pengambilalihan").status_code == 303

    assert rina.post(f"{DESK}/pesan", {"body": "Saya lanjutkan."}).status_code == 303


@pytest.fixture
def two_served(served, siti: Browser, budi: Browser) -> None:
    ask(siti, subject="Kedua")
    budi.post("/petugas/konsultasi/KS-2026-000002/pengambilan")


SECOND = "/petugas/konsultasi/KS-2026-000002"
HAND_OVER = "/petugas/serah-terima"


def taker(browser: Browser, name: str) -> str:
    """Return the id of the officer to whom work is handed over."""
    match = re.search(
        rf'<option value="(\d+)"[^>]*>{name}', browser.get(HAND_OVER).text
    )
    assert match
    return match[1]


def test_all_work_is_handed_over_at_once(two_served, budi, rina):
    assert "2 konsultasi terbuka Anda" in budi.get("/petugas/jadwal").text
    page = budi.get(HAND_OVER).text
    matches = re.findall(r'name="chosen" value="(\d+)" checked', page)
    assert len(matches) == 2

    form = {"officer": taker(budi, "Rina"), "note": "Saya pindah", "chosen": matches}
    assert budi.post(HAND_OVER, form).status_code == 303

    assert rina.post(f"{DESK}/pesan", {"body": "Halo."}).status_code == 303
    assert rina.post(f"{SECOND}/pesan", {"body": "Halo."}).status_code == 303
    assert "Pilih yang diserahkan" not in budi.get("/petugas/jadwal").text


def test_only_what_was_chosen_is_handed_over(two_served, budi, rina):
    form = {"officer": taker(budi, "Rina")}
    refused = budi.post(HAND_OVER, form)
    assert refused.status_code == 422
    assert "Pilih paling sedikit satu" in refused.text

    assert budi.post(HAND_OVER, {**form, "chosen": "1"}).status_code == 303

    assert rina.post(f"{DESK}/pesan", {"body": "Halo."}).status_code == 303
    assert budi.post(f"{SECOND}/pesan", {"body": "Halo."}).status_code == 303


def test_what_was_handed_over_is_given_back_if_it_is_still_open(
    two_served, siti, budi, rina, dewi
):
    form = {"officer": taker(budi, "Rina"), "chosen": ["1", "2"]}
    budi.post(HAND_OVER, form)
    rina.post(
        f"{SECOND}/pesan", {"body": "Selesai.", "then": "selesai", "closes": "ya"}
    )
    assert "1 masih terbuka" in budi.get("/petugas/jadwal").text
    assert "1 masih terbuka" in rina.get("/petugas/jadwal").text
    assert dewi.post(f"{HAND_OVER}/1/pengembalian").status_code == 403

    back = rina.post(f"{HAND_OVER}/1/pengembalian")
    assert back.status_code == 303

    assert budi.post(f"{DESK}/pesan", {"body": "Saya lagi."}).status_code == 303
    assert "masih terbuka" not in rina.get("/petugas/jadwal").text
    assert rina.post(f"{HAND_OVER}/1/pengembalian").status_code == 409


def test_the_head_hands_over_the_work_of_who_is_away(two_served, hasan, rina, budi):
    budi_id = re.search(
        r'<option value="(\d+)">Budi', hasan.get("/petugas/jadwal").text
    )
    assert budi_id
    assert hasan.get(f"{HAND_OVER}?giver={budi_id[1]}").status_code == 200
    assert hasan.get(f"{HAND_OVER}?giver=999").status_code == 404

    form = {"giver": budi_id[1], "officer": taker(budi, "Rina"), "chosen": "1"}
    assert hasan.post(HAND_OVER, form).status_code == 303

    assert rina.post(f"{DESK}/pesan", {"body": "Halo."}).status_code == 303


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


def test_a_colleague_who_is_away_is_offered_last_and_marked(served, budi, rina, app):
    with app.app_context(), transaction():
        register(Person("Adi", "adi@contoh.test", Role.OFFICER), "x")
    assert offered(budi) == ["Adi", "Rina Wijaya"]

    with app.app_context(), transaction():
        adi = User.with_email("adi@contoh.test")
        today = date(2026, 3, 2)
        DutyChange.plan(adi, today, today, "cuti", by=adi)

    assert offered(budi) == ["Rina Wijaya", "Adi (tidak bertugas)"]


def offered(budi: Browser) -> list[str]:
    """List whom *Alihkan* offers, as the page writes them."""
    match = re.search(r'<select id="officer".*?</select>', budi.get(DESK).text, re.S)
    assert match
    return re.findall(r"<option[^>]*>([^<]+)<", match[0])


def test_an_officer_is_offered_nothing_to_do_with_their_own_request(budi, rina):
    ask(budi)

    page = budi.get(DESK).text
    assert "Anda sendiri yang mengajukan" in page
    assert ">Ambil</button>" not in page
    assert ">Ambil</button>" not in budi.get("/petugas").text
    refused = budi.post(f"{DESK}/pengambilan")
    assert refused.status_code == 409
    assert "dilayani petugas lain" in refused.text
    assert ">Ambil</button>" in rina.get("/petugas").text

    rina.post(f"{DESK}/pengambilan")
    assert "Budi" not in "".join(offered(rina))


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
