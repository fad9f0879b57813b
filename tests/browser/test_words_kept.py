"""Nothing typed is lost: two tabs, a reload, a refused form or file, an older state."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Person
from tests.browser.steps import FORM, OLD, field, fill_in

Someone = Callable[..., Person]
FIRST, SECOND = "Ditulis di tab pertama.", "Lain lagi, ditulis di tab kedua."
CONVERSATION = "/konsultasi/KS-2026-000001"
DESK = "/petugas/konsultasi/KS-2026-000001"
REFUSED_FILE = {"name": "foto.heic", "mimeType": "image/heic", "buffer": b"\0ftyp"}


@pytest.fixture
def siti(someone: Someone) -> Person:
    siti = someone("phone").log_in("siti")
    fill_in(siti)
    siti.press("Ajukan konsultasi")
    siti.sees_title("Jumlah penduduk")
    return siti


@pytest.fixture
def budi(siti: Person, someone: Someone) -> Person:
    budi = someone().log_in("budi").visit(DESK)
    budi.press("Ambil")
    budi.sees("Minta kejelasan")
    return budi


def another_tab(person: Person, path: str) -> Page:
    page = person.page.context.new_page()
    page.goto(person.url + path)
    return page


def composer(page: Page) -> Locator:
    return page.locator("#composer textarea")


def send(page: Page) -> None:
    page.locator("#composer button.btn:not(.quiet)").first.click()


def said(page: Page, text: str) -> Locator:
    return page.locator("#thread .msg:not(.pending) .text", has_text=text)


def is_kept(page: Page, text: str) -> bool:
    everything = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
    return text in page.evaluate(everything)


def test_what_a_second_tab_makes_of_a_draft_is_sent_too(siti: Person):
    composer(siti.page).fill(FIRST)
    other = another_tab(siti, CONVERSATION)
    expect(composer(other)).to_have_value(FIRST)

    composer(other).fill(SECOND)
    send(siti.page)
    expect(said(siti.page, FIRST)).to_be_visible()
    expect(composer(other)).to_have_value(SECOND)
    send(other)

    for page in (siti.page, other):
        expect(said(page, FIRST)).to_have_count(1)
        expect(said(page, SECOND)).to_have_count(1)


def test_a_draft_that_another_tab_has_sent_is_not_sent_again(siti: Person):
    composer(siti.page).fill(FIRST)
    other = another_tab(siti, CONVERSATION)
    expect(composer(other)).to_have_value(FIRST)

    send(siti.page)

    expect(other.get_by_text("sudah terkirim dari tab lain")).to_be_visible()
    expect(composer(other)).to_have_value("")
    other.reload()
    expect(said(other, FIRST)).to_have_count(1)
    expect(composer(other)).to_have_value("")


def test_a_browser_that_falls_back_to_an_older_state_loses_nothing(siti: Person):
    composer(siti.page).fill(FIRST)
    expect(composer(siti.page)).to_have_value(FIRST)
    older = siti.page.evaluate("JSON.stringify({...localStorage})")
    send(siti.page)
    expect(said(siti.page, FIRST)).to_be_visible()

    siti.page.evaluate("old => Object.assign(localStorage, JSON.parse(old))", older)
    siti.page.reload()
    expect(composer(siti.page)).to_have_value(FIRST)
    composer(siti.page).fill(SECOND)
    send(siti.page)

    expect(said(siti.page, SECOND)).to_have_count(1)
    expect(said(siti.page, FIRST)).to_have_count(1)


def test_two_tabs_of_one_officer_keep_their_own_words(budi: Person):
    other = another_tab(budi, DESK)
    composer(budi.page).fill(FIRST)
    composer(other).fill(SECOND)

    for page in (budi.page, other):
        expect(page.locator("[data-saved]")).to_contain_text("tersimpan")
    budi.page.reload()
    other.reload()

    expect(composer(budi.page)).to_have_value(FIRST)
    expect(composer(other)).to_have_value(SECOND)


@pytest.mark.parametrize(
    ("part", "label"),
    [("Catatan internal", "Catatan internal"), ("Minta kejelasan", "Pertanyaan")],
)
def test_what_stands_next_to_a_conversation_outlives_a_reload(
    budi: Person, part: str, label: str
):
    budi.open(part)
    budi.fill(label, FIRST)

    budi.page.reload()

    expect(field(budi, label)).to_have_value(FIRST)
    budi.press("Simpan catatan" if "Catatan" in part else "Minta kejelasan")
    expect(said(budi.page, FIRST)).to_be_visible()
    budi.page.reload()
    assert not is_kept(budi.page, FIRST), "sent, and kept no longer"


def test_an_article_being_written_outlives_a_reload(budi: Person):
    budi.visit("/petugas/artikel/baru")
    budi.fill("Judul", "Berapa harga gabah?")
    budi.page.locator("#body").fill(FIRST)
    budi.page.reload()
    budi.sees("dipulihkan")
    expect(budi.page.locator("#body")).to_have_value(FIRST)

    budi.press("Simpan draf")
    budi.sees_title("Berapa harga gabah?")
    budi.page.locator("#body").fill(SECOND)
    budi.page.reload()
    budi.sees("dipulihkan")
    expect(budi.page.locator("#body")).to_have_value(SECOND)

    budi.press("Simpan draf")
    expect(budi.page.get_by_text("dipulihkan")).to_have_count(0)
    expect(budi.page.locator("#body")).to_have_value(SECOND)
    assert not is_kept(budi.page, SECOND)


def test_preferences_outlive_a_reload(someone: Someone):
    andi = someone().log_in("andi").visit("/admin/pengaturan")
    name = andi.page.locator("main form input:not([type])").first
    name.fill(FIRST)

    andi.page.reload()

    expect(andi.page.locator("main form input:not([type])").first).to_have_value(FIRST)
    andi.press("Buang tulisan ini")
    andi.page.reload()
    expect(andi.page.get_by_text(FIRST)).to_have_count(0)


def test_a_message_does_not_leave_a_refused_file_behind_unsaid(siti: Person):
    siti.page.locator("input[type=file]:not([capture])").set_input_files(REFUSED_FILE)  # type: ignore[arg-type]
    siti.sees("ubah foto jenis lain (misalnya HEIC) menjadi JPG")
    composer(siti.page).fill(FIRST)

    send(siti.page)
    siti.sees("berkas ini tidak ikut: foto.heic")
    expect(said(siti.page, FIRST)).to_have_count(0)

    send(siti.page)
    expect(said(siti.page, FIRST)).to_have_count(1)
    assert siti.page.locator(".uploads li").count() == 0
    siti.complaints = [c for c in siti.complaints if "422" not in c]


def test_my_consultations_show_a_request_that_waits(siti: Person):
    siti.visit("/konsultasi/baru?jenis=metadata")
    siti.fill("Subjek", "Garis kemiskinan")
    siti.fill("Konsep atau variabel", "Pengeluaran")
    siti.visit("/konsultasi")
    siti.sees("Tulisan yang belum terkirim menunggu: “Garis kemiskinan”")

    siti.press("Lanjutkan")
    siti.sees_title("Konsultasi Metadata")
    expect(field(siti, "Konsep atau variabel")).to_have_value("Pengeluaran")
    siti.visit("/konsultasi/baru")
    expect(siti.page.locator("[name=jenis][value=metadata]")).to_be_checked()

    siti.visit("/konsultasi")
    siti.press("Hapus")
    expect(siti.page.get_by_text("menunggu: “")).to_have_count(0)
    siti.visit(FORM)
    expect(field(siti, "Subjek")).to_have_value("")


def test_going_back_after_a_refused_request_asks_nothing(siti: Person):
    fill_in(siti)
    siti.fill("Wilayah", "")
    siti.press("Ajukan konsultasi")
    siti.sees("Wilayah wajib diisi")
    expect(field(siti, "Uraian")).to_have_value(OLD)
    siti.fill("Wilayah", "Wanadadi")
    siti.press("Ajukan konsultasi")
    siti.page.wait_for_url(re.compile("KS-2026-000002"))

    siti.page.go_back()

    siti.sees_title("Konsultasi Data")
    siti.complaints = [c for c in siti.complaints if "422" not in c]


def test_going_back_to_a_form_that_the_browser_sent_asks_nothing(budi: Person):
    budi.open("Catatan internal")
    budi.press("Simpan catatan")
    budi.sees("Catatan internal wajib diisi")
    budi.follow("‹ Meja kerja")
    budi.sees_title("Meja kerja")

    budi.page.go_back()

    budi.sees_title("Jumlah penduduk")
    budi.complaints = [c for c in budi.complaints if "422" not in c]
