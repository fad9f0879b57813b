"""Without scripts: nothing typed is lost to a refresh, a refusal or an ended log-in."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, expect

from tests.browser.conftest import Person
from tests.browser.steps import SUBJECT, WIDER, ask, send
from tests.processes import wait_until

Someone = Callable[..., Person]
REFRESH = "meta[http-equiv=refresh]"
LOG_IN = re.compile("pst_l")
NOT_KEPT = "Lampiran tidak ikut tersimpan: tabel.csv"


@pytest.fixture
def siti(someone: Someone) -> Person:
    siti = someone("phone", script=False).log_in("siti")
    ask(siti)
    siti.sees("urutan ke-1")
    return siti


def news(person: Person) -> Frame:
    """The frame in which what is new is shown."""
    found: list[Frame] = wait_until(
        lambda: [f for f in person.page.frames if "/terbaru" in f.url], "the frame"
    )
    return found[0]


def refresh(person: Person) -> Frame:
    """Do what the frame does by itself each minute."""
    frame = news(person)
    assert frame.locator(REFRESH).get_attribute("content") == "60"
    frame.goto(frame.url)
    return frame


def serve(budi: Person) -> None:
    budi.visit("/petugas").follow(SUBJECT)
    budi.press("Ambil")


def test_messages_come_while_someone_types(siti: Person, someone: Someone):
    budi = someone(script=False).log_in("budi")
    serve(budi)
    siti.page.reload()
    expect(news(siti).get_by_text("Belum ada pesan baru")).to_be_visible()
    siti.fill("Pesan", "Sedang saya tulis")
    budi.fill("Pesan", "Tahun berapa?")
    budi.send("Pengguna")
    budi.fill("Pesan", "Jawaban yang panjang")

    expect(refresh(siti).get_by_text("Tahun berapa?")).to_be_visible()
    expect(siti.page.get_by_label("Pesan", exact=True)).to_have_value(
        "Sedang saya tulis"
    )
    assert not siti.page.locator(REFRESH).count()
    siti.press("Kirim")
    expect(refresh(budi).get_by_text("Sedang saya tulis")).to_be_visible()
    expect(budi.page.get_by_label("Pesan", exact=True)).to_have_value(
        "Jawaban yang panjang"
    )
    assert not budi.page.locator(REFRESH).count()


def test_the_frame_tells_that_the_log_in_ended(siti: Person):
    siti.fill("Pesan", "Belum selesai")
    siti.page.context.clear_cookies()

    expect(refresh(siti).get_by_text("Sesi Anda berakhir")).to_be_visible()
    expect(siti.page.get_by_label("Pesan", exact=True)).to_have_value("Belum selesai")
    siti.complaints.clear()


def test_a_refused_message_leaves_a_whole_page(siti: Person, tmp_path):
    virus = tmp_path / "virus.exe"
    virus.write_bytes(b"MZ\x90\x00\x03")
    siti.page.locator("input[type=file]:not([capture])").set_input_files(virus)
    send(siti, "Ini berkasnya.")

    refusal = siti.page.get_by_role("link", name="Lampiran: virus.exe: Jenis berkas")
    expect(refusal).to_be_visible()
    assert not siti.page.locator(REFRESH).count()
    siti.complaints.clear()
    siti.visit(siti.page.url.removeprefix(siti.url))
    siti.sees_title(SUBJECT)
    assert "/pesan" not in siti.page.url


def test_an_attachment_that_was_not_kept_is_named_and_asked_for(siti: Person, tmp_path):
    table = tmp_path / "tabel.csv"
    table.write_text("tahun,jumlah\n2025,31000\n")
    siti.page.locator("input[type=file]:not([capture])").set_input_files(table)
    siti.fill("Pesan", "Ini tabel yang saya maksud.")
    siti.page.context.clear_cookies(name=LOG_IN)
    siti.press("Kirim")
    expect(siti.page.get_by_text(NOT_KEPT)).to_be_visible()
    siti.complaints.clear()

    siti.log_in_here("siti")
    expect(siti.page.get_by_text(NOT_KEPT)).to_be_visible()
    siti.page.get_by_label("Pilih lagi lampirannya").set_input_files(table)
    siti.press("Kirim sekali lagi")

    thread = siti.page.locator("#thread")
    expect(thread.get_by_text("Ini tabel yang saya maksud.")).to_be_visible()
    expect(thread.get_by_role("link", name="tabel.csv")).to_be_visible()


def test_a_request_is_not_withdrawn_by_a_slip_of_the_finger(siti: Person):
    assert not siti.shows("button", "Ya, batalkan permintaan")
    siti.open("Batalkan permintaan")
    siti.sees("tidak dapat dibuka kembali")

    siti.press("Ya, batalkan permintaan")

    expect(siti.page.get_by_text("Konsultasi dibatalkan.")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_refusal_leads_to_the_fields(someone: Someone, script: bool):
    siti = someone("phone", script=script).log_in("siti")
    siti.visit("/konsultasi/baru?jenis=data&subjek=Jumlah penduduk")
    siti.press("Ajukan konsultasi")
    summary = siti.page.locator(".notice.bad")
    expect(summary).to_be_focused()
    siti.complaints.clear()  # the browser's own word about a refused form

    summary.get_by_role("link", name="Uraian wajib diisi.").click()

    expect(siti.page.locator("textarea[name=description]")).to_be_focused()


def test_a_talk_is_quoted_corrected_answered_and_cited(siti: Person, someone: Someone):
    budi = someone(script=False).log_in("budi")
    serve(budi)
    budi.fill("Pesan", "Untuk tahun berapa?")
    budi.send("Pengguna")
    siti.page.reload()
    siti.page.locator("#thread").get_by_role("link", name="Kutip").last.click()
    expect(siti.page.locator("[data-quoting]")).to_contain_text("Untuk tahun berapa?")
    send(siti, "Untuk 2052.")
    mine = siti.page.locator("#thread .msg.mine").last
    expect(mine.locator(".quoted")).to_contain_text("Untuk tahun berapa?")

    siti.page.get_by_role("link", name="Perbaiki").last.click()
    siti.fill("Pesan", "Untuk 2025.")
    siti.press("Simpan perbaikan")
    expect(mine).to_contain_text("Untuk 2025.")
    expect(mine).to_contain_text("diperbaiki")

    budi.page.reload()
    budi.page.locator("#thread").get_by_role("link", name="Kutip").last.click()
    budi.fill("Pesan", "31.000 jiwa.\nSumber: BPS, https://www.bps.go.id/tabel.")
    budi.press("Simpan draf")
    expect(budi.page.locator("[data-quoting]")).to_contain_text("Untuk 2025.")
    budi.send("Selesai")
    siti.page.reload()
    assert siti.page.evaluate(WIDER) <= 0
    answer = siti.page.locator("#thread .final")
    expect(answer.locator(".quoted")).to_contain_text("Untuk 2025.")
    expect(answer.locator(".source a")).to_have_attribute(
        "href", "https://www.bps.go.id/tabel"
    )
    siti.follow("Kutip jawaban ini")
    cited = siti.page.get_by_label("Kutip jawaban ini")
    expect(cited).to_have_value(re.compile("Sumber: BPS, https://www.bps.go.id/tabel"))
    siti.sees("pakai menu Cetak")
    assert not siti.page.get_by_role("button", name="Salin").is_visible()
    siti.follow("‹ KS-2026-000001")
    siti.sees_title(SUBJECT)
