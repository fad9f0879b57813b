"""Steps 8 and 9: the officer writes a report, the head reads and decides."""

from pathlib import Path

from pst.accounts.users import User
from pst.database import transaction
from pst.web.access import Role
from tests.pages import hidden
from tests.people import email_of
from tests.steps import (
    REPORT,
    consulted,
    drafted,
    head_address,
    rate,
    send_report,
    sent_report,
)


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


def test_only_what_was_previewed_is_sent(budi, hasan):
    address = drafted(budi)
    budi.post(f"{address}/isian", REPORT)
    value = hidden(budi.get(f"{address}/pratinjau").text, "seen")
    budi.post(f"{address}/isian", {**REPORT, "summary": "Diubah di tab lain."})

    answer = budi.post(f"{address}/pengiriman", {"seen": value})

    assert answer.status_code == 409
    assert "berubah sesudah pratinjau yang Anda lihat" in answer.text
    assert f'href="{address}/pratinjau"' in answer.text
    assert "Diubah di tab lain." in answer.text
    assert hasan.get(head_address(address)).status_code == 404
    again = {"seen": hidden(answer.text, "seen")}
    assert budi.post(f"{address}/pengiriman", again).status_code == 303
    assert "Diubah di tab lain." in hasan.get(head_address(address)).text


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


def test_everyone_may_read_the_public_figures(visitor, siti, budi, at):
    for _ in range(5):
        rate(siti, consulted(siti, budi), "")
    at("2026-04-01 09:00+07:00")

    page = visitor.get("/kinerja").text

    assert "Maret 2025" not in page and "April 2025–Maret 2026" in page
    assert "konsultasi diajukan" in page
    assert "KS-2026" not in page
