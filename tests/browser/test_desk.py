"""A morning's work at the desk, by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Person
from tests.processes import Service

an_office = pytest.mark.office(open=40, closed=10)


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def poll(page: Page) -> None:
    page.evaluate(
        "document.querySelector('#worklist').dispatchEvent(new Event('poll'))"
    )


@an_office
def test_a_morning_by_keyboard(someone: Callable[..., Person]):
    budi = someone().log_in("budi")
    budi.visit("/petugas/templat")
    budi.fill("Judul", "Salam pembuka")
    budi.fill("Isi", "Selamat pagi, {nama}. Saya {petugas}.")
    budi.press("Simpan")
    budi.sees("Templat disimpan.")
    budi.visit("/petugas")

    budi.keys.press("?")
    dialog = budi.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    budi.keys.press("Escape")
    expect(dialog).to_be_hidden()
    budi.keys.press("j")
    first = focused(budi.page)
    budi.keys.press("ArrowDown")
    budi.keys.press("k")
    assert focused(budi.page) == first
    budi.keys.press("a")
    assert focused(budi.page) == "Ambil"
    budi.keys.press("Enter")
    budi.sees("Sedang dilayani")

    budi.keys.press("r")
    budi.keys.type("/sal")
    budi.sees("▸ Salam pembuka")
    filled = "Selamat pagi, " + asker(budi) + ". Saya Budi Santoso."
    preview = budi.page.locator("[data-slash-text]")
    expect(preview).to_have_text(filled)
    budi.keys.press("Enter")
    composer = budi.page.get_by_label("Pesan", exact=True)
    expect(composer).to_have_value(filled)
    expect(preview).to_be_hidden()
    budi.sees("Draf tersimpan pukul")
    budi.keys.press("Control+Enter")
    budi.sees("Terkirim pukul")
    budi.sees("Menunggu pengguna")
    budi.keys.press("Escape")
    budi.keys.press("g")
    budi.sees_title("Meja kerja")
    budi.sees("Menunggu pengguna")


def test_a_call_is_written_down_by_keyboard(
    service: Service, someone: Callable[..., Person]
):
    budi = someone().log_in("budi")
    budi.visit("/petugas")

    budi.keys.press("c")
    budi.sees_title("Catat konsultasi")
    expect(budi.page.get_by_label("Datang langsung")).to_be_focused()
    budi.keys.press("ArrowRight")
    budi.keys.press("Tab")
    budi.keys.press("Space")
    budi.keys.press("Tab")
    budi.keys.type("Harga gabah di tingkat petani")
    budi.keys.press("Tab")
    budi.keys.press("Tab")
    budi.keys.press("Tab")  # past the region
    budi.keys.type("Rp6.500 per kilogram.")
    budi.page.reload()  # what was typed survives
    expect(budi.page.get_by_label("Subjek")).to_have_value(
        "Harga gabah di tingkat petani"
    )
    budi.page.get_by_label("Jawaban yang diberikan").focus()
    budi.keys.press("Control+Enter")
    budi.sees("Konsultasi dicatat dengan nomor KS-")

    budi.keys.press("/")
    budi.sees_title("Cari percakapan")
    expect(budi.page.get_by_role("searchbox")).to_be_focused()
    budi.keys.type("gabah")
    budi.sees("Harga gabah di tingkat petani")


def asker(person: Person) -> str:
    text = person.page.locator(".thread .msg .by b").first.text_content()
    assert text
    return text


@an_office
def test_polling_keeps_the_place(someone: Callable[..., Person]):
    budi, rina = someone().log_in("budi"), someone().log_in("rina")
    budi.visit("/petugas?keadaan=antrian")
    for _ in range(3):
        budi.page.keyboard.press("j")
    here, title = focused(budi.page), budi.page.title()

    rina.visit("/petugas?keadaan=antrian")
    rina.press("Ambil")
    rina.sees("Sedang dilayani")
    poll(budi.page)
    expect(budi.page).not_to_have_title(title)

    assert focused(budi.page) == here
