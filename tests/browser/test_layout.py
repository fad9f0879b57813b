"""Words that do not break, on a small screen; and what comes out of a printer."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import SIZES, Person
from tests.browser.steps import WIDER

Someone = Callable[..., Person]
ENDLESS = "Jumlah" + "penduduk" * 24
PRINTED = """time => {
  const words = getComputedStyle(time, "::after").content.slice(1, -1);
  return [words, getComputedStyle(time).fontSize];
}"""


def ask(person: Person, subject: str) -> None:
    person.visit("/konsultasi/baru?jenis=metadata")
    person.fill("Subjek", subject)
    person.fill("Konsep atau variabel", subject)
    person.fill("Uraian", "Tolong " + subject)
    person.press("Ajukan konsultasi")
    person.sees("Menunggu petugas")


def test_no_word_is_wider_than_a_phone(someone: Someone, tmp_path):
    siti, budi = someone("phone").log_in("siti"), someone("phone").log_in("budi")
    ask(siti, ENDLESS)
    path = siti.page.url.removeprefix(siti.url)
    table = tmp_path / (f"{'tabel' * 39}.csv")
    table.write_text("tahun,jumlah\n2025,31000\n")
    siti.page.locator("input[type=file]:not([capture])").set_input_files(table)
    siti.sees("terunggah")
    assert siti.page.evaluate(WIDER) <= 0, "with an upload"
    siti.fill("Pesan", ENDLESS)
    siti.press("Kirim")
    siti.sees("Terkirim pukul")
    budi.visit("/petugas")
    budi.page.locator(".work a").first.click()
    budi.press("Ambil")
    budi.sees("Sedang dilayani")

    for person, paths in (
        (siti, ("/konsultasi", path)),
        (budi, ("/petugas", f"/petugas{path}", f"/petugas{path}/riwayat")),
    ):
        for each in paths:
            person.visit(each)
            assert person.page.evaluate(WIDER) <= 0, each


def test_refused_files_leave_the_conversation_in_sight(someone: Someone):
    siti = someone("phone").log_in("siti")
    ask(siti, "Upah minimum")
    empty = [
        {"name": f"foto ke-{each}.pdf", "mimeType": "application/pdf", "buffer": b""}
        for each in range(4)
    ]
    siti.page.locator("#composer textarea").click()

    siti.page.locator("input[type=file]:not([capture])").set_input_files(empty)  # type: ignore[arg-type]
    rows = siti.page.locator(".uploads li.late")
    expect(rows).to_have_count(4)

    siti.complaints.clear()  # the browser's own, of what the server refused
    why = rows.first.locator("span").last
    expect(why).to_have_text(re.compile("^Berkas kosong"))
    composer, words = siti.page.locator("#composer").bounding_box(), why.bounding_box()
    assert composer and words
    assert composer["height"] < 0.7 * SIZES["phone"]["height"]
    assert words["width"] > 0.7 * SIZES["phone"]["width"]


def test_a_printed_article_says_whose_it_is_and_asks_nothing(someone: Someone, service):
    reader = someone().visit("/cari?q=penduduk")
    reader.page.locator(".hits a").first.click()
    expect(reader.page.get_by_text("Apakah artikel ini membantu?")).to_be_visible()
    address = reader.page.url.partition("?")[0]

    reader.page.emulate_media(media="print")

    expect(reader.page.get_by_text("Apakah artikel ini membantu?")).to_be_hidden()
    expect(reader.page.get_by_text("BPS Kabupaten").last).to_be_visible()
    expect(reader.page.get_by_text(address, exact=True)).to_be_visible()
    expect(reader.page.get_by_role("link", name="Privasi")).to_be_hidden()


def test_a_printed_conversation_tells_the_day_of_each_message(someone: Someone):
    siti = someone().log_in("siti")
    ask(siti, "Garis kemiskinan")
    siti.page.emulate_media(media="print")

    times = siti.page.locator("#thread time").all()
    assert times
    for time in times:
        text, size = time.evaluate(PRINTED)
        assert "2 Maret 2026 pukul" in text
        assert size == "0px", "the time alone is not printed next to it"
    expect(siti.page.locator("#composer")).to_be_hidden()


def test_no_cell_of_the_health_screen_is_cut_on_a_phone(someone: Someone):
    andi = someone("phone").log_in("andi").visit("/admin/sistem")

    tables = andi.page.locator(".scroll").all()
    assert len(tables) == 2
    for table in tables:
        assert table.evaluate("e => e.scrollWidth - e.clientWidth") == 0
