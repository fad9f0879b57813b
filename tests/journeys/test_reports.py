"""Steps 8 and 9: the officer writes a report, the head reads and decides."""

import html
import re
from pathlib import Path

import pytest

from pst.accounts.users import User
from pst.database import transaction
from pst.reports.models import Report
from pst.reports.periods import Period
from pst.web.access import Role
from tests.pages import hidden
from tests.people import email_of
from tests.steps import (
    DESK,
    REPORT,
    ask,
    drafted,
    head_address,
    send_report,
    sent_report,
)

SHELF = "/petugas/laporan"


def test_the_head_approves_what_the_officer_sent(budi, hasan):
    address = sent_report(budi)

    page = hasan.get(head_address(address)).text
    assert "cocok dengan sidik ini" in page and "tidak cocok" not in page
    assert "Layanan berjalan baik." in page
    assert "Tambah petugas pada hari Senin." in page
    assert "Februari 2026" in hasan.get("/ketua/laporan").text
    hasan.post(f"{head_address(address)}/persetujuan")

    assert "Disetujui" in budi.get(address).text


def test_who_wrote_it_finds_no_button_to_approve_it(app, budi, hasan):
    address = head_address(sent_report(budi))
    with app.app_context(), transaction():
        User.with_email(email_of("budi")).role = Role.HEAD

    page = budi.get(address).text
    answer = budi.post(f"{address}/persetujuan")

    assert "Laporan ini Anda susun sendiri" in page
    assert "persetujuan" not in page and "pengembalian" not in page
    assert answer.status_code == 409
    assert "Ketua Tim lain yang memutuskannya" in answer.text
    assert "persetujuan" in hasan.get(address).text


def test_a_returned_report_is_improved_and_sent_again(budi, hasan):
    address = sent_report(budi)
    hasan.post(
        f"{head_address(address)}/pengembalian", {"comment": "Tambahkan sebabnya."}
    )

    assert "Tambahkan sebabnya." in budi.get(address).text
    newer = budi.post(f"{address}/versi").location
    assert "Tambahkan sebabnya." in budi.get(newer).text
    assert "Layanan berjalan baik." in budi.get(newer).text
    budi.post(f"{newer}/isian", {**REPORT, "summary": "Sebabnya hari libur."})
    send_report(budi, newer)

    assert "Sebabnya hari libur." in hasan.get(head_address(newer)).text
    assert "Layanan berjalan baik." in hasan.get(head_address(address)).text


def test_returning_needs_a_reason(budi, hasan):
    address = sent_report(budi)

    answer = hasan.post(f"{head_address(address)}/pengembalian", {"comment": " "})

    assert answer.status_code == 422
    assert "wajib diisi" in answer.text
    assert "Terkirim" in budi.get(address).text


def test_another_officers_draft_does_not_exist(budi, rina, hasan):
    address = drafted(budi)

    assert rina.get(address).status_code == 404
    assert rina.get(f"{address}/pratinjau").status_code == 404
    assert rina.post(f"{address}/isian", REPORT).status_code == 404
    assert rina.post(f"{address}/pengiriman").status_code == 404
    assert hasan.get(head_address(address)).status_code == 404


def test_what_cannot_be_stored_comes_back_filled(budi):
    address = drafted(budi)

    answer = budi.post(f"{address}/isian", {**REPORT, "summary": "x" * 6001})

    assert answer.status_code == 422
    assert "Maksimal 6.000 karakter" in answer.text
    assert "x" * 6001 in answer.text
    assert "Tambah petugas pada hari Senin." in answer.text


def test_a_draft_is_stored_while_it_is_typed(budi):
    address = drafted(budi)

    answer = budi.post(f"{address}/isian", REPORT, headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer.headers["HX-Trigger"] == "saved"
    assert "Tersimpan pukul 09.00 WIB" in budi.get(f"{address}/tersimpan").text


@pytest.mark.parametrize(
    ("button", "onward"),
    [("pratinjau", "/pratinjau"), ("umpan-balik", "/umpan-balik"), ("simpan", "")],
)
def test_every_button_of_the_draft_stores_what_was_typed(budi, button, onward):
    address = drafted(budi)

    answer = budi.post(f"{address}/isian", {**REPORT, "press": button})

    assert answer.location == address + onward
    assert REPORT["summary"] in budi.get(f"{address}/pratinjau").text


def test_nothing_leaves_the_draft_but_its_buttons(budi, siti):
    rate(siti, consulted(siti, budi), "Lama.")
    address = drafted(budi, period="2026-03")

    page = budi.get(address).text

    assert f'href="{address}/pratinjau"' not in page
    assert f'href="{address}/umpan-balik"' not in page
    assert re.search(r'<button[^>]*value="pratinjau">Pratinjau dan kirim<', page)
    assert re.search(r'<button[^>]*value="umpan-balik">Tentukan tema', page)


def test_a_bad_field_stops_the_way_to_the_preview(budi):
    address = drafted(budi)

    form = {**REPORT, "summary": "x" * 6001, "press": "pratinjau"}
    answer = budi.post(f"{address}/isian", form)

    assert answer.status_code == 422
    assert "Maksimal 6.000 karakter" in answer.text


def test_only_what_was_previewed_is_sent(budi, hasan):
    address = drafted(budi)
    budi.post(f"{address}/isian", REPORT)
    seen = hidden(budi.get(f"{address}/pratinjau").text, "seen")
    budi.post(f"{address}/isian", {**REPORT, "summary": "Diubah di tab lain."})

    answer = budi.post(f"{address}/pengiriman", {"seen": seen})

    assert answer.status_code == 409
    assert "berubah sesudah pratinjau yang Anda lihat" in answer.text
    assert f'href="{address}/pratinjau"' in answer.text
    assert "Diubah di tab lain." in answer.text
    assert hasan.get(head_address(address)).status_code == 404
    again = {"seen": hidden(answer.text, "seen")}
    assert budi.post(f"{address}/pengiriman", again).status_code == 303
    assert "Diubah di tab lain." in hasan.get(head_address(address)).text


def test_a_quote_decided_since_the_preview_stops_the_sending(budi, siti):
    rate(siti, consulted(siti, budi), "Jawabannya lama.")
    address = drafted(budi, period="2026-03")
    budi.post(f"{address}/isian", REPORT)
    seen = hidden(budi.get(f"{address}/pratinjau").text, "seen")
    quote(budi, address, "Jawabannya lama.")

    assert budi.post(f"{address}/pengiriman", {"seen": seen}).status_code == 409
    assert send_report(budi, address).status_code == 303


def test_a_report_is_not_sent_without_its_preview(budi):
    address = drafted(budi)
    budi.post(f"{address}/isian", REPORT)

    assert budi.post(f"{address}/pengiriman").status_code == 409
    assert "Draf" in budi.get(address).text


def test_an_empty_report_is_not_sent(budi):
    address = drafted(budi)

    answer = budi.post(f"{address}/pengiriman")

    assert answer.status_code == 409
    assert "Tulis ringkasan" in answer.text


def test_sending_twice_is_sending_once(budi):
    address = sent_report(budi)

    answer = budi.post(f"{address}/pengiriman")

    assert answer.status_code == 409
    assert "sudah dikirim" in answer.text


def test_no_search_keeps_a_report_from_being_sent(visitor, budi, hasan):
    for strange in ("%F0%9F%98%80", "%00", "%EE%80%80", "%E6%BC%A2", "%EA%A6%97"):
        assert visitor.get(f"/cari?q=xqzwvb{strange}%20{strange}").status_code == 200
    address = drafted(budi, period="2026-03")
    budi.post(f"{address}/isian", {**REPORT, "summary": "Bagus 👍"})

    assert budi.get(f"{address}/laporan.pdf").data.startswith(b"%PDF")
    assert budi.get(f"{address}/laporan.xlsx").data.startswith(b"PK")
    assert budi.get(f"{address}/baris.csv").status_code == 200
    assert send_report(budi, address).status_code == 303
    assert "Bagus 👍" in hasan.get(head_address(address)).text


def test_a_letter_that_cannot_be_set_is_told_plainly(budi, monkeypatch):
    address = drafted(budi)
    budi.post(f"{address}/isian", REPORT)
    monkeypatch.setattr("pst.reports.letter.pdf.TYPESETTER", Path("/nowhere"))

    answers = (
        budi.get(f"{address}/laporan.pdf"),
        send_report(budi, address),
    )

    for answer in answers:
        assert answer.status_code == 500
        assert "Surat PDF laporan ini belum dapat disusun" in answer.text
    assert "Draf" in budi.get(address).text


def test_the_draft_of_the_clock_is_the_one_that_is_written(app, budi, rina):
    with app.app_context(), transaction():
        untaken = Report.draft(Period.parse("2026-02"), None).id

    assert drafted(budi) == f"{SHELF}/{untaken}"
    assert rina.get(f"{SHELF}/{untaken}").status_code == 404
    assert "Disusun otomatis" not in rina.get(SHELF).text


def test_a_second_report_on_a_period_is_written_only_on_purpose(budi, rina, hasan):
    first = sent_report(budi)

    answer = rina.post(SHELF, {"period": "2026-02"})
    assert answer.status_code == 409
    assert "Laporan tentang Februari 2026 sudah disusun atau dikirim." in answer.text
    assert "dikirim Budi Santoso" in answer.text and f'href="{first}"' in answer.text
    assert "Draf" not in rina.get(SHELF).text

    second = drafted(rina, period="2026-02", anyway="y")
    rina.post(f"{second}/isian", REPORT)
    for page in (rina.get(second).text, rina.get(f"{second}/pratinjau").text):
        assert "Laporan lain tentang Februari 2026 sudah disusun atau dikirim." in page
        assert "versi 2" in page
    assert send_report(rina, second).status_code == 303
    answer = hasan.get(f"{head_address(second)}")
    assert f'href="{head_address(first)}"' in answer.text
    file = hasan.get(f"{second}/laporan.pdf").headers["Content-Disposition"]
    assert "laporan-2026-02-v2.pdf" in file


def test_a_colleagues_draft_is_told_of_but_not_shown(budi, rina):
    address = drafted(budi)

    answer = rina.post(SHELF, {"period": "2026-02"})

    assert answer.status_code == 409
    assert "Budi Santoso sedang menyusun versi 1" in answer.text
    assert address not in answer.text
    assert rina.get(address).status_code == 404
    second = drafted(rina, period="2026-02", anyway="y")
    told = "Rina Wijaya sedang menyusun versi 2"
    assert told in budi.get(address).text
    assert drafted(rina) == second


def test_who_sent_a_report_is_told_before_writing_another(budi):
    sent_report(budi)

    answer = budi.post(SHELF, {"period": "2026-02"})

    assert answer.status_code == 409
    assert "dikirim Anda, 2 Maret 2026" in answer.text


def test_a_span_typed_twice_goes_on_with_its_dates(budi, rina):
    span = {"period": "rentang", "first": "2026-02-10", "last": "2026-02-20"}
    drafted(budi, **span)

    page = rina.post(SHELF, span).text
    again = {name: hidden(page, name) for name in (*span, "anyway")}

    assert again == {**span, "anyway": "y"}
    assert drafted(rina, **again)


def test_a_discarded_correction_can_be_begun_again(budi, hasan):
    address = sent_report(budi)
    hasan.post(f"{head_address(address)}/pengembalian", {"comment": "Kurang rinci."})
    newer = budi.post(f"{address}/versi").location
    budi.post(f"{newer}/penghapusan")

    page = budi.get(address).text
    assert "Susun versi perbaikan" in page and "sudah diperbaiki" not in page
    again = budi.post(f"{address}/versi").location

    assert again != newer
    assert "Layanan berjalan baik." in budi.get(again).text


def test_a_span_of_days_is_reported_on(budi):
    address = drafted(budi, period="rentang", first="2026-02-10", last="2026-02-20")

    assert "10 Februari 2026–20 Februari 2026" in budi.get(address).text


def test_a_period_that_is_not_over_is_told_wherever_it_is_read(budi, hasan, at):
    told = "Periode belum berakhir: angka sampai 2 Maret 2026 pukul 09.00 WIB"
    draft = drafted(budi, period="rentang", first="2026-03-01", last="2026-03-30")
    assert told in budi.get(draft).text
    assert told in budi.get(f"{draft}/pratinjau").text
    address = sent_report(budi, period="2026-03")

    at("2026-04-01 09:00+07:00")  # what was sent stays what it was
    assert told in budi.log_in("budi").get(address).text
    assert told in hasan.log_in("hasan").get(head_address(address)).text
    assert "Periode belum berakhir" not in budi.get(draft).text


@pytest.mark.parametrize(
    ("now", "is_early"),
    [("2026-02-28 23:59:59+07:00", True), ("2026-03-01 00:00+07:00", False)],
)
def test_a_period_is_over_at_midnight(browser, at, now, is_early):
    at(now)
    budi = browser().log_in("budi")
    address = drafted(budi, period="2026-02")

    page = budi.get(address).text

    assert ("Periode belum berakhir" in page) is is_early


def test_a_bad_period_is_refused_with_what_was_typed(budi):
    answer = budi.post(
        SHELF, {"period": "rentang", "first": "2026-02-20", "last": "2026-02-10"}
    )

    assert answer.status_code == 422
    assert "Tanggal awal harus sebelum tanggal akhir." in answer.text
    assert re.search(r'name="first"[^>]*value="2026-02-20"', answer.text)


def test_a_discarded_draft_is_gone(budi):
    address = drafted(budi)

    budi.post(f"{address}/penghapusan")

    assert budi.get(address).status_code == 404


def test_the_report_is_taken_away_in_three_forms(budi, rina, hasan, siti):
    address = drafted(budi)
    paths = ["laporan.pdf", "laporan.xlsx", "baris.csv"]

    for path, start in zip(paths, (b"%PDF", b"PK", b"\xef\xbb\xbf"), strict=True):
        answer = budi.get(f"{address}/{path}")
        assert answer.data.startswith(start)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "laporan-2026-02-v1." in answer.headers["Content-Disposition"]
        assert rina.get(f"{address}/{path}").status_code == 404
        assert hasan.get(f"{address}/{path}").status_code == 404
        assert siti.get(f"{address}/{path}").status_code == 403


def test_the_head_gets_the_letter_that_was_sent(budi, hasan):
    address = sent_report(budi)

    first = hasan.get(f"{address}/laporan.pdf")
    hasan.post(f"{head_address(address)}/persetujuan")

    assert first.data.startswith(b"%PDF")
    assert budi.get(f"{address}/laporan.pdf").data == first.data


def test_the_rows_of_a_sent_report_stay_what_the_head_got(budi, siti, hasan):
    consultation = consulted(siti, budi)
    address = sent_report(budi, period="2026-03")
    first = budi.get(f"{address}/baris.csv").data
    assert b"dalam batas waktu" in first

    rate(siti, consultation, "Baru dinilai sesudah laporan terkirim.")

    assert hasan.get(f"{address}/baris.csv").data == first
    assert first.startswith("\ufeffNo.;Tanggal".encode())
    other = budi.get(f"{address}/baris.csv?bentuk=internasional").data
    assert other.startswith("\ufeffNo.,Tanggal".encode())
    newer = drafted(budi, period="rentang", first="2026-03-01", last="2026-03-30")
    assert b"Baru dinilai" in budi.get(f"{newer}/baris.csv").data


def test_a_comment_gets_its_theme_and_is_quoted(budi, siti):
    rate(siti, consulted(siti, budi), "Jawabannya lama, hubungi siti@contoh.test.")
    address = drafted(budi, period="2026-03")

    page = budi.get(f"{address}/umpan-balik").text
    assert "0 dari 1 umpan balik" in page
    assert 'selected value="speed"' in page
    answer = budi.post(
        f"{address}/umpan-balik",
        {
            "comments-0-rating": hidden(page, "comments-0-rating"),
            "comments-0-theme": "speed",
            "comments-0-is_quoted": "y",
            "comments-0-quote": "Jawabannya lama, kata siti@contoh.test.",
        },
    )

    assert answer.status_code == 303
    preview = budi.get(f"{address}/pratinjau").text
    assert "“Jawabannya lama, kata [email].”" in preview
    assert "Kecepatan pelayanan" in preview


def test_a_comment_of_another_period_cannot_be_decided(budi, siti):
    rate(siti, consulted(siti, budi), "Lama.")
    march = drafted(budi, period="2026-03")
    rating = hidden(budi.get(f"{march}/umpan-balik").text, "comments-0-rating")
    february = drafted(budi)

    form = {"comments-0-rating": rating, "comments-0-theme": "other"}

    assert budi.post(f"{february}/umpan-balik", form).status_code == 404


NO_NUMBERS = ("abc", "²", "1x", "٣", "9" * 5000, "-1", "")


@pytest.mark.parametrize("rating", NO_NUMBERS, ids=lambda text: text[:5])
def test_a_rating_that_is_no_number_is_refused_and_nothing_is_lost(budi, siti, rating):
    rate(siti, consulted(siti, budi), "Lama.")
    address = drafted(budi, period="2026-03")
    known = hidden(budi.get(f"{address}/umpan-balik").text, "comments-0-rating")

    answer = budi.post(
        f"{address}/umpan-balik",
        {
            "comments-0-rating": rating,
            "comments-0-theme": "speed",
            "comments-1-rating": known,
            "comments-1-theme": "speed",
            "comments-1-is_quoted": "y",
            "comments-1-quote": "Jawabannya terlalu lama.",
        },
    )

    assert answer.status_code == 422
    assert "Belum tersimpan" in answer.text and "tidak dikenal" in answer.text
    assert "Jawabannya terlalu lama." in answer.text
    assert "0 dari 1 umpan balik" in budi.get(f"{address}/umpan-balik").text


def test_a_theme_that_is_none_is_refused_in_a_sentence(budi, siti):
    rate(siti, consulted(siti, budi), "Lama.")
    address = drafted(budi, period="2026-03")
    known = hidden(budi.get(f"{address}/umpan-balik").text, "comments-0-rating")

    answer = budi.post(
        f"{address}/umpan-balik",
        {"comments-0-rating": known, "comments-0-theme": "lain"},
    )

    assert answer.status_code == 422
    assert "Pilih salah satu tema." in answer.text


@pytest.mark.parametrize("place", ["²", "9" * 5000, "٣", "99999", "x", "-1"])
def test_a_field_that_is_none_of_ours_is_left_aside(budi, siti, place):
    rate(siti, consulted(siti, budi), "Lama.")
    address = drafted(budi, period="2026-03")
    strange = {
        f"{name}-{place}-{field}": "1"
        for name, field in (
            ("recommendations", "text"),
            ("late", "number"),
            ("comments", "rating"),
        )
    }

    assert budi.post(f"{address}/isian", {**REPORT, **strange}).status_code == 303
    assert "Tambah petugas pada hari Senin." in budi.get(address).text
    assert budi.post(f"{address}/umpan-balik", strange).status_code == 303


def test_dates_that_are_filled_in_count_whatever_the_list_says(budi):
    span = {"period": "2026-02", "first": "2026-01-05", "last": "2026-01-20"}

    page = budi.get(drafted(budi, **span)).text

    assert "5 Januari 2026–20 Januari 2026" in page
    half = budi.post(SHELF, {**span, "last": ""})
    assert half.status_code == 422
    assert "Isi tanggal awal dan akhir." in half.text
    assert re.search(r"<details open>\s*<summary>Rentang tanggal", half.text)


def test_the_preview_names_the_figures_that_moved(siti, dewi, budi):
    ask(siti)
    address = drafted(budi, period="2026-03")
    figures = html.unescape(hidden(budi.get(address).text, "figures"))
    assert (
        budi.post(f"{address}/isian", {**REPORT, "figures": figures}).status_code == 303
    )
    moved = "Angka berubah sejak tulisan disimpan."
    assert moved not in budi.get(f"{address}/pratinjau").text

    ask(dewi)

    page = budi.get(f"{address}/pratinjau").text
    assert moved in page
    assert "<li>Konsultasi diajukan: 1 menjadi <b>2</b></li>" in page
    assert "Penilaian masuk:" not in page
    figures = html.unescape(hidden(budi.get(address).text, "figures"))
    budi.post(f"{address}/isian", {**REPORT, "figures": figures})
    assert moved not in budi.get(f"{address}/pratinjau").text


@pytest.mark.parametrize("figures", ["", "x", "[" * 1999, "{", '{"a": 1}', "9" * 5000])
def test_figures_that_are_none_are_left_out(budi, figures):
    address = drafted(budi)

    words = {**REPORT, "figures": figures}
    assert budi.post(f"{address}/isian", words).status_code == 303
    assert "Angka berubah" not in budi.get(f"{address}/pratinjau").text


def test_why_it_was_late_is_written_once_and_counted(siti, budi, at):
    ask(siti)
    budi.post(f"{DESK}/pengambilan")
    at("2026-03-09 09:00+07:00")
    budi.log_in("budi").post(f"{DESK}/pesan", {"body": "Maaf, ini jawabannya."})
    address = drafted(budi, period="2026-03")
    page = budi.get(address).text
    assert 'name="late-0-cause"' not in page
    assert "<td>Belum dijelaskan</td>" in page

    late = {"reason": "system", "note": "Listrik padam"}
    assert budi.post(f"{DESK}/penutupan", late).status_code == 303

    for shown in (budi.get(address).text, budi.get(f"{address}/pratinjau").text):
        assert "Gangguan sistem: Listrik padam" in shown
        assert "Belum dijelaskan" not in shown


def test_a_date_that_is_none_is_told_in_indonesian(budi):
    answer = budi.post(
        SHELF, {"period": "rentang", "first": "kemarin", "last": "2026-02-10"}
    )

    assert answer.status_code == 422
    assert "Pilih tanggal, atau tulis dalam bentuk 2026-11-22." in answer.text
    assert "Not a valid" not in answer.text


def test_everybody_may_read_the_public_figures(visitor, siti, budi, at):
    for _ in range(5):
        rate(siti, consulted(siti, budi), "")
    at("2026-04-01 09:00+07:00")

    page = visitor.get("/kinerja").text

    assert "Maret 2025" not in page and "April 2025–Maret 2026" in page
    assert "konsultasi diajukan" in page
    assert "KS-2026" not in page


def quote(officer, address: str, text: str) -> None:
    """Quote the first comment of the period."""
    page = officer.get(f"{address}/umpan-balik").text
    form = {
        "comments-0-rating": hidden(page, "comments-0-rating"),
        "comments-0-theme": "speed",
        "comments-0-is_quoted": "y",
        "comments-0-quote": text,
    }
    assert officer.post(f"{address}/umpan-balik", form).status_code == 303


def consulted(user, officer) -> str:
    """Have a consultation asked, answered and closed; tell its address."""
    address = ask(user).location
    desk = f"/petugas{address}"
    for path, form in (
        ("pengambilan", {}),
        ("pesan", {"body": "Ada di publikasi."}),
        ("penutupan", {}),
    ):
        assert officer.post(f"{desk}/{path}", form).status_code == 303
    return address


def rate(user, address: str, comment: str) -> None:
    card = user.get(f"{address}/penilaian").text
    link = re.search(r'href="(/nilai/[^"?]+)', card)[1]
    answer = user.post(link, {"score": "3", "comment": comment})
    assert answer.status_code == 303, answer.text
