"""What comes out of the printer."""

import re
from collections.abc import Callable

import pytest
import segno
from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.processes import Service

DESK = "/petugas/konsultasi/KS-2026-000001"
TITLE = "Berapa penduduk Wanadadi menurut umur?"
# The modules of a QR code as the browser draws them, without the border of two.
MODULES = """async (image, size) => {
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = (size + 4) * 3;
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const places = [...Array(size).keys()].map((n) => (n + 2) * 3 + 1);
  return places.map((y) => places.map((x) =>
    context.getImageData(x, y, 1, 1).data[0] < 128 ? 1 : 0));
}"""


@pytest.fixture
def spoken(service: Service, someone: Callable[..., Person]) -> Person:
    """Budi, before a conversation of four messages."""
    siti = someone("phone").log_in("siti").visit("/konsultasi/baru?jenis=data")
    siti.fill("Subjek", "Jumlah penduduk")
    siti.fill("Uraian", "Menurut umur, untuk skripsi saya.")
    siti.fill("Wilayah", "Wanadadi")
    siti.fill("Tahun", "2025")
    siti.press("Ajukan konsultasi")
    siti.sees("KS-2026-000001")
    budi = someone().log_in("budi").visit(DESK)
    budi.press("Ambil")
    composer = "#composer textarea"
    for person, words in (
        (budi, "Sampai kelompok umur berapa?"),
        (siti, "Lima tahunan saja."),
        (budi, "Baik, ini tabelnya: 0-4 tahun 2.100 jiwa."),
    ):
        if person is siti:
            siti.page.reload()
        person.page.locator(composer).fill(words)
        person.page.keyboard.press("Control+Enter")
        person.sees("Terkirim pukul")
        budi.visit(DESK)
    return budi


def pages(person: Person) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", person.page.pdf(format="A4")))


@pytest.mark.parametrize("path", [f"{DESK}/cetak", DESK])
def test_four_messages_fit_on_one_page_without_forms(spoken: Person, path: str):
    spoken.visit(path)
    assert pages(spoken) == 1

    spoken.page.emulate_media(media="print")

    paper = spoken.page.locator("body").inner_text()
    for words in ("BPS Kabupaten Banjarnegara", "KS-2026-000001", "Siti Rahayu"):
        assert words in paper
    for form in ("Kirim", "Catatan internal", "Alihkan", "Nomor Silastik", "Lampiran"):
        assert form not in paper
    assert not spoken.page.locator("textarea").filter(visible=True).count()
    speakers = spoken.page.evaluate(SPEAKERS)
    assert [name for name in speakers if name == "Budi Santoso"] == ["Budi Santoso"] * 2
    assert "Anda" not in speakers


SPEAKERS = """[...document.querySelectorAll('.by > b, .spoken > li b')].map((e) =>
  e.dataset.name ? getComputedStyle(e, '::after').content.replaceAll('"', '')
  : e.textContent)"""


def test_the_button_opens_the_printer(spoken: Person):
    spoken.page.add_init_script("window.print = () => { window.printed = true; }")
    spoken.follow("Cetak")
    spoken.press("Cetak")

    assert spoken.page.evaluate("window.printed")


def test_a_final_answer_is_printed_with_a_code_that_opens_its_article(
    spoken: Person, someone: Callable[..., Person]
):
    spoken.follow("Kutip jawaban ini")
    expect(spoken.page.locator(".qr")).to_have_count(0)
    spoken.visit(DESK).follow("Buat artikel")
    spoken.fill("Judul", TITLE)
    spoken.press("Simpan draf")
    spoken.press("Ajukan tinjauan")
    rina = someone().log_in("rina")
    rina.visit("/petugas/artikel?keadaan=review").follow(TITLE)
    rina.press("Terbitkan")
    rina.sees("Artikel terbit")

    siti = someone("phone").log_in("siti").visit("/konsultasi/KS-2026-000001")
    siti.follow("Kutip jawaban ini")
    code = siti.page.get_by_alt_text("Kode QR ke artikel")
    address = siti.page.locator(".facts a").get_attribute("href")
    assert address
    expected = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    assert code.evaluate(MODULES, len(expected)) == expected
    assert address in siti.page.get_by_label("Kutip jawaban ini").input_value()
    assert pages(siti) == 1
    siti.page.emulate_media(media="print")
    expect(code).to_be_visible()
    paper = siti.page.locator("body").inner_text()
    for words in ("BPS Kabupaten Banjarnegara", "Jawaban final", "2.100 jiwa", address):
        assert words in paper
    for form in ("Kutip jawaban ini", "Salin", "Cetak"):
        assert form not in paper

    visitor = someone("phone").visit(address)
    visitor.sees_title(TITLE)
