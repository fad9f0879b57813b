"""Closing at the desk: over nothing unread, never by a slip, and taken back."""

import re

import pytest

from pst import clock
from pst.demo import catalogue
from pst.office import settings
from pst.reports.figures.period_figures import Figures
from pst.reports.layout.tables import table
from pst.reports.periods import Period
from tests.journeys.conftest import Browser, hidden
from tests.journeys.mailbox import letters, link_in
from tests.steps import DESK, MINE, NUMBER, WORK, ask, send_letter

OTHER = "KS-2026-000002"
ANSWER = "Jumlahnya 31.000 jiwa."


@pytest.fixture
def answered(siti: Browser, budi: Browser) -> str:
    """Siti's request, which Budi has answered; the page he looks at since."""
    ask(siti)
    budi.post(f"{DESK}/pengambilan")
    budi.post(f"{DESK}/pesan", {"body": ANSWER})
    return budi.get(DESK).text


def button(page: str, path: str) -> dict[str, str]:
    """Read the hidden fields of the form that goes to `path`, but its token."""
    form = re.search(rf'<form[^>]*action="{path}".*?</form>', page, re.S)
    assert form, f"no form for {path}"
    ticks = r'type="(?:checkbox|radio)"'
    inputs = rf'<input(?![^>]*{ticks})[^>]*?name="(\w+)"[^>]*?value="([^"]*)"'
    matches = re.findall(inputs, form[0])
    return {name: text for name, text in matches if name != "csrf_token"}


def test_nothing_is_closed_over_a_message_that_was_not_read(answered, siti, budi):
    closing = button(answered, f"{DESK}/penutupan")
    siti.post(f"{MINE}/pesan", {"body": "Yang saya maksud Batur."})

    answer = budi.post(f"{DESK}/penutupan", closing)

    assert answer.status_code == 409
    assert "Siti Rahayu menulis sesudah halaman tadi Anda buka" in answer.text
    assert "Yang saya maksud Batur." in answer.text
    assert "Sedang dilayani" in budi.get(DESK).text

    assert "Permintaan terakhir pengguna belum dijawab." in answer.text
    again = {**button(answer.text, f"{DESK}/penutupan"), "unanswered": "Tidak ada."}
    assert budi.post(f"{DESK}/penutupan", again).status_code == 303
    assert "Selesai" in budi.get(DESK).text


def test_a_double_is_not_closed_over_a_message_either(answered, siti, budi):
    ask(siti, subject="Penduduk Batur")
    double = {"closing_reason": "duplicate", "same_as": OTHER}
    closing = {**button(answered, f"{DESK}/penutupan"), **double}
    siti.post(f"{MINE}/pesan", {"body": "Ini berbeda."})

    answer = budi.post(f"{DESK}/penutupan", closing)

    assert answer.status_code == 409
    assert hidden(answer.text, "closing_reason") == "duplicate"


def test_a_message_that_came_before_the_late_reason_is_read_first(
    answered, siti, budi, at
):
    siti.post(f"{MINE}/pesan", {"body": "Satu lagi."})
    at("2026-03-06 09:00+07:00")
    budi.log_in("budi")
    page = budi.get(DESK).text
    match = re.search(rf'href="({DESK}/penutupan\?[^"]+)">Tutup k', page)
    assert match
    siti.log_in("siti").post(f"{MINE}/pesan", {"body": "Masih saya tunggu."})

    page = budi.get(match[1].replace("&amp;", "&")).text

    assert "Masih saya tunggu." in page
    siti.post(f"{MINE}/pesan", {"body": "Halo?"})
    why = {"reason": "workload", "note": "Sensus", "seen": hidden(page, "seen")}
    refused = budi.post(f"{DESK}/penutupan", why)
    assert refused.status_code == 409
    assert "Halo?" in refused.text
    assert "Sensus" in refused.text
    assert "Terlambat:" not in budi.get(DESK).text


def test_no_question_goes_out_before_what_came_was_read(answered, siti, budi):
    seen = button(answered, f"{DESK}/kejelasan")["seen"]
    siti.post(f"{MINE}/pesan", {"body": "Yang saya maksud Batur."})

    form = {"body": "Kecamatan mana?", "seen": seen}
    answer = budi.post(f"{DESK}/kejelasan", form)

    assert answer.status_code == 409
    assert "Siti Rahayu menulis sesudah halaman ini Anda buka" in answer.text
    assert "Kecamatan mana?" in answer.text
    assert "Kecamatan mana?" not in siti.get(MINE).text
    form["seen"] = button(answer.text, f"{DESK}/kejelasan")["seen"]
    assert budi.post(f"{DESK}/kejelasan", form).status_code == 303


def test_a_follow_up_is_not_closed_over_an_answer_that_was_not_read(
    low,  # noqa: F811
    visitor,
    budi,
    andi,
):
    budi.post(f"{WORK}/pengambilan")
    send_letter(budi)
    closing = button(budi.get(WORK).text, f"{WORK}/penutupan")
    from_mail = link_in(andi, "Menindaklanjuti masukan", "/tindak-lanjut/")
    visitor.post(from_mail, {"body": "Tabel 3.1 masih kosong."})

    form = {"resolution": "Tabel dikirim.", **closing}
    answer = budi.post(f"{WORK}/penutupan", form)

    assert answer.status_code == 409
    assert "Baca dahulu; tindak lanjut ini belum ditutup." in answer.text
    assert "Tabel 3.1 masih kosong." in answer.text
    assert "Tabel dikirim." in answer.text
    form |= button(answer.text, f"{WORK}/penutupan")
    assert budi.post(f"{WORK}/penutupan", form).status_code == 303


WHY = "Pertanyaan ini bukan tentang statistik; mohon hubungi Dinas Kependudukan."


def test_what_no_one_answered_is_not_closed_by_one_click(served, siti, budi, andi):
    page = budi.get(DESK).text
    assert not re.search(r"<button[^>]*>Tutup konsultasi<", page)
    match = re.search(rf'href="({DESK}/penutupan[^"]*)">Tutup konsultasi', page)
    assert match

    asked = budi.get(match[1]).text
    assert "Kantor belum menjawab apa pun" in asked
    assert "Tutup tanpa jawaban" in asked
    for words in ({}, {"unanswered": "  "}):
        refused = budi.post(f"{DESK}/penutupan", words)
        assert refused.status_code == 422
        assert "Penjelasan kepada pengguna wajib diisi." in refused.text

    assert "Sedang ditangani" in siti.get(MINE).text
    assert not letters(andi, "ditutup")


def test_who_closes_without_an_answer_tells_the_user_why(served, siti, budi, andi):
    page = budi.get(f"{DESK}/penutupan").text
    words = {**button(page, f"{DESK}/penutupan"), "unanswered": WHY}
    assert budi.post(f"{DESK}/penutupan", words).status_code == 303

    said = f'Konsultasi ditutup tanpa jawaban: “<span class="pre">{WHY}</span>”'
    assert said in siti.get(MINE).text
    [letter] = letters(andi, "tanpa jawaban. Penjelasan petugas")
    assert WHY in letter
    assert "telah selesai" not in letter
    assert "Jawaban pertama" not in budi.get(DESK).text


def test_who_closes_without_an_answer_names_what_is_nearest(app, siti, budi):
    with app.app_context():
        catalogue.load()
    ask(siti, subject="produksi padi kabupaten contoh menurut desa")
    budi.post(f"{DESK}/pengambilan")
    page = budi.get(f"{DESK}/penutupan").text
    matches = re.findall(r'name="nearest"\s+value="(\d+)"', page)
    assert 1 <= len(matches) <= 3
    assert "Produksi Padi Menurut Kecamatan" in page

    words = {"unanswered": WHY, "nearest": matches[0]}
    assert budi.post(f"{DESK}/penutupan", words).status_code == 303

    said = siti.get(MINE).text
    assert WHY in said
    assert "Terdekat yang tersedia: Produksi Padi Menurut Kecamatan, http" in said


def this_month() -> Period:
    today = clock.today(settings.current().zone)
    return Period.of(today.year, today.month, 1)


def test_what_is_not_published_is_said_and_reported(app, siti, budi):
    with app.app_context():
        catalogue.load()
    ask(siti, subject="produksi padi menurut desa, telepon 081234567890")
    budi.post(f"{DESK}/pengambilan")
    page = budi.get(f"{DESK}/penutupan").text
    nearest = re.findall(r'name="nearest"\s+value="(\d+)"', page)[0]
    assert 'name="unavailable"' in page

    words = {"unanswered": WHY, "unavailable": "y", "nearest": nearest}
    assert budi.post(f"{DESK}/penutupan", words).status_code == 303

    said = siti.get(MINE).text
    assert "tidak tersedia: belum diterbitkan BPS." in said and WHY in said
    with app.app_context():
        period = this_month()
        [(wanted, title)] = Figures(period).demand.unpublished
        assert "produksi padi menurut desa" in wanted
        assert "081234567890" not in wanted
        assert title.startswith("Produksi Padi")
        frozen = Figures(period).frozen()
        [row] = table("unpublished", frozen).rows
        assert row == [wanted, title]
        del frozen["unpublished"]
        assert table("unpublished", frozen).rows == [], "reports sent before"


def test_an_answer_may_say_that_nothing_is_published(app, served, siti, budi):
    with app.app_context():
        catalogue.load()
    address = "https://contohkab.example/tabel/padi"
    answer = {"body": f"Belum ada menurut desa. Sumber: BPS, {address}", "then": "saya"}
    assert 'name="unavailable"' in budi.get(DESK).text

    budi.post(f"{DESK}/pesan", answer | {"unavailable": "ya"})
    budi.post(f"{DESK}/pesan", {"body": "Ada lagi?"})

    with app.app_context():
        [(_, title)] = Figures(this_month()).demand.unpublished
    assert title.startswith("Produksi Padi")
    assert "Terdekat yang tersedia" not in siti.get(MINE).text, "the answer links it"


def test_an_answer_without_a_link_has_the_nearest_item_in_the_report(app, siti, budi):
    with app.app_context():
        catalogue.load()
    ask(siti, subject="produksi padi menurut desa")
    budi.post(f"{DESK}/pengambilan")

    answer = {"body": "Belum ada menurut desa.", "then": "saya", "unavailable": "ya"}
    budi.post(f"{DESK}/pesan", answer)

    with app.app_context():
        [(_, title)] = Figures(this_month()).demand.unpublished
    assert title == "Produksi Padi Menurut Kecamatan"
    for reader, page in ((siti, MINE), (budi, DESK)):
        shown = " ".join(reader.get(page).text.split())
        match = re.search(
            r'Terdekat yang tersedia: <a href="(/tabel/\d+)">([^<]+)<', shown
        )
        assert match
        assert match[2] == title
    assert title in siti.get(match[1]).text


def test_nothing_is_nearest_to_what_the_catalogue_lacks(app, siti, budi):
    with app.app_context():
        catalogue.load()
    ask(siti, subject="zat pewarna kain")
    budi.post(f"{DESK}/pengambilan")

    answer = {"body": "Belum ada datanya.", "then": "saya", "unavailable": "ya"}
    budi.post(f"{DESK}/pesan", answer)

    with app.app_context():
        [(_, title)] = Figures(this_month()).demand.unpublished
    assert title == ""
    assert "Terdekat yang tersedia" not in siti.get(MINE).text


def test_requests_that_a_table_answered_are_counted(app, served, siti, budi):
    siti.post(f"{MINE}/pesan", {"body": "Sumber: kata tetangga."})
    budi.post(f"{DESK}/catatan", {"body": "Sumber: tanya Bu Rina."})
    with app.app_context():
        assert Figures(this_month()).knowledge.facts["cited"] == 0

    budi.post(f"{DESK}/pesan", {"body": "31.000 jiwa.\nSumber: BPS, http://x.test"})

    with app.app_context():
        figures = Figures(this_month())
        assert figures.knowledge.facts["cited"] == 1
        rows = {
            row[0]: row[1].value
            for row in table("knowledge_facts", figures.frozen()).rows
        }
        assert rows["Permintaan yang dijawab dengan angka atau tabel bersumber"] == 1


def test_what_is_closed_for_another_cause_is_not_reported_so(app, served, siti, budi):
    page = budi.get(f"{DESK}/penutupan").text
    words = {**button(page, f"{DESK}/penutupan"), "unanswered": WHY}
    assert budi.post(f"{DESK}/penutupan", words).status_code == 303

    with app.app_context():
        assert not Figures(this_month()).demand.unpublished


def test_only_what_was_offered_is_named_as_nearest(app, siti, budi):
    with app.app_context():
        catalogue.load()
    ask(siti, subject="zat pewarna kain")
    budi.post(f"{DESK}/pengambilan")

    words = {"unanswered": WHY, "nearest": "1"}
    assert budi.post(f"{DESK}/penutupan", words).status_code == 303

    assert "Terdekat yang tersedia" not in siti.get(MINE).text


def test_a_question_to_the_user_is_no_answer(served, siti, budi):
    budi.post(f"{DESK}/kejelasan", {"body": "Wilayah mana?"})

    assert budi.post(f"{DESK}/penutupan").status_code == 422


def test_a_double_is_closed_without_an_answer(served, siti, budi):
    ask(siti, subject="Penduduk Batur")
    double = {"closing_reason": "duplicate", "same_as": OTHER}

    assert budi.post(f"{DESK}/penutupan", double).status_code == 303


def closing_as_double(budi: Browser) -> str:
    return budi.get(f"{DESK}/penutupan?closing_reason=duplicate").text


def test_nothing_is_a_double_of_nothing(served, siti, dewi, budi):
    ask(dewi, subject="Milik Dewi")
    ask(siti, subject="Dibatalkan")
    siti.post("/konsultasi/KS-2026-000003/pembatalan")

    page = closing_as_double(budi)
    assert "tidak mempunyai konsultasi lain yang dapat disamakan" in page
    assert "Milik Dewi" not in page and "Dibatalkan" not in page

    for same_as in ("", NUMBER, "KS-2026-000002", "KS-2026-000003", "KS-2026-999999"):
        words = {"closing_reason": "duplicate", "same_as": same_as}
        assert budi.post(f"{DESK}/penutupan", words).status_code == 422
    assert "Sedang dilayani" in budi.get(DESK).text


def test_a_double_and_the_other_name_and_link_each_other(served, siti, budi, andi):
    ask(siti, subject="Penduduk Batur")
    page = closing_as_double(budi)
    assert f"{OTHER} · Penduduk Batur" in page
    refused = budi.post(f"{DESK}/penutupan", {"closing_reason": "duplicate"})
    assert refused.status_code == 422
    assert "Pilih konsultasi lain dari pengguna ini." in refused.text

    double = {"closing_reason": "duplicate", "same_as": OTHER}
    assert budi.post(f"{DESK}/penutupan", double).status_code == 303

    for browser, place in ((siti, "/konsultasi"), (budi, "/petugas/konsultasi")):
        said = f'sama dengan <a href="{place}/{OTHER}">{OTHER}</a>'
        shown = browser.get(f"{place}/{NUMBER}").text
        assert said in shown
        fact = "<dt>Permintaan ganda dari</dt>"
        assert f'{fact}<dd><a href="{place}/{OTHER}">{OTHER}</a></dd>' in shown
        back = f'<dt>Permintaan ganda</dt><dd><a href="{place}/{NUMBER}">{NUMBER}</a>'
        assert back in browser.get(f"{place}/{OTHER}").text
    [letter] = letters(andi, "sama dengan permintaan Anda yang lain")
    assert f'{OTHER} "Penduduk Batur". Permintaan itu tetap kami layani.' in letter
    assert link_in(andi, "sama dengan permintaan", "/konsultasi/").endswith(OTHER)

    # A double of a double leads nowhere, and the two cannot point to each other.
    desk = f"/petugas/konsultasi/{OTHER}"
    budi.post(f"{desk}/pengambilan")
    back = {"closing_reason": "duplicate", "same_as": NUMBER}
    assert budi.post(f"{desk}/penutupan", back).status_code == 422

    siti.post(f"{MINE}/pesan", {"body": "Yang ini berbeda."})
    assert "Permintaan ganda" not in siti.get(f"/konsultasi/{OTHER}").text


def test_who_is_late_with_no_answer_tells_both(served, siti, budi, at):
    at("2026-03-06 09:00+07:00")
    budi.log_in("budi")
    page = budi.get(f"{DESK}/penutupan").text
    assert "Alasan keterlambatan" in page
    assert "Mengapa ditutup tanpa jawaban" in page

    assert budi.post(f"{DESK}/penutupan", {"reason": "complex"}).status_code == 422
    both = {"reason": "complex", "unanswered": WHY}
    assert budi.post(f"{DESK}/penutupan", both).status_code == 303
    assert "Terlambat: Permintaan rumit" in budi.get(DESK).text


def test_its_officer_reopens_what_was_closed_by_mistake(answered, siti, budi, andi):
    budi.post(f"{DESK}/penutupan")
    assert ">Buka kembali<" in budi.get(DESK).text

    for _ in range(2):  # pressed twice
        assert budi.post(f"{DESK}/pembukaan").status_code == 303

    page = budi.get(DESK).text
    assert "Sedang dilayani" in page
    assert "dibuka kembali. Konsultasi ini kembali ditangani Budi Santoso." in page
    assert page.count("Konsultasi dibuka kembali oleh Budi Santoso") == 1
    assert "Konsultasi dibuka kembali oleh Budi Santoso" in siti.get(MINE).text
    assert len(letters(andi, "kami buka kembali")) == 1
    assert "Dibuka kembali" in andi.get("/admin/audit").text


def test_the_head_reopens_for_its_officer_and_no_colleague_does(
    answered, budi, rina, hasan
):
    budi.post(f"{DESK}/penutupan")
    assert ">Buka kembali<" not in rina.get(DESK).text
    refused = rina.post(f"{DESK}/pembukaan")
    assert refused.status_code == 409
    assert "ditangani Budi Santoso" in refused.text

    assert ">Buka kembali<" in hasan.get(DESK).text
    assert hasan.post(f"{DESK}/pembukaan").status_code == 303

    assert budi.post(f"{DESK}/pesan", {"body": "Ralat."}).status_code == 303


def test_the_user_cannot_reopen_from_the_desk(answered, siti, budi):
    budi.post(f"{DESK}/penutupan")

    assert siti.post(f"{DESK}/pembukaan").status_code == 403


def test_a_late_final_answer_is_explained_though_the_first_came_in_time(
    answered, siti, budi, at
):
    siti.post(f"{MINE}/pesan", {"body": "Dan tahun 2024?"})
    at("2026-03-06 09:00+07:00")
    budi.log_in("budi")

    last = {"body": "Tahun 2024: 30.500 jiwa.", "then": "selesai", "closes": "ya"}
    answer = budi.post(f"{DESK}/pesan", last)

    assert answer.location == f"{DESK}/penutupan"
    assert "Mengapa terlambat?" in budi.get(answer.location).text
    assert budi.post(answer.location, {"reason": "workload"}).status_code == 303
    page = budi.get(DESK).text
    assert "Terlambat: Banyak permintaan bersamaan" in page
    assert "Selesai" in page


def test_sending_and_closing_says_that_it_is_closed(served, budi):
    answer = budi.post(
        f"{DESK}/pesan", {"body": ANSWER, "then": "selesai", "closes": "ya"}
    )

    page = budi.get(answer.location).text

    assert f"{NUMBER} ditutup. Pengguna diminta memberi penilaian." in page
