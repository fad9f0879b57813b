"""Search while typing, the editor's tools, and an article put into an answer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.processes import wait_until


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_articles_appear_while_someone_types(someone: Callable[..., Person], size: str):
    visitor = someone(size).visit("/")

    visitor.page.get_by_role("searchbox").press_sequentially("garis kemis", delay=20)
    visitor.follow("Apa itu garis kemiskinan dan bagaimana menghitungnya?")

    visitor.sees_title("Apa itu garis kemiskinan")
    width = visitor.page.evaluate("document.documentElement.scrollWidth")
    assert width <= visitor.page.viewport_size["width"]  # type: ignore[index]


def test_the_editor_formats_and_previews(someone: Callable[..., Person]):
    officer = someone("desktop").log_in("budi").visit("/petugas/artikel/baru")
    officer.fill("Judul", "Apa itu waduk?")
    officer.fill("Isi", "waduk")
    body = officer.page.locator("#body")
    body.press("Control+a")

    officer.page.get_by_role("button", name="B tebal").click()

    expect(body).to_have_value("**waduk**")
    expect(officer.page.locator("#pratinjau strong")).to_have_text("waduk")


@pytest.mark.parametrize("script", [True, False])
def test_a_question_becomes_an_answer_and_an_article(
    someone: Callable[..., Person], script: bool
):
    """Without scripts too: ask, answer, mark, write, review, publish, find."""
    siti = someone("phone", script=script).log_in("siti").visit("/konsultasi/baru")
    siti.page.locator("input[name=jenis][value=data]").check()
    siti.fill("Subjek", "Luas waduk Mrica")
    siti.press("Lanjut")
    siti.fill("Wilayah", "Banjarnegara")
    siti.page.locator("select[name=level]").select_option(index=1)
    siti.fill("Tahun", "2025")
    siti.page.locator("select[name=period]").select_option(index=1)
    siti.fill("Uraian", "Berapa luas genangan waduk itu?")
    siti.page.locator("select[name=purpose]").select_option(index=1)
    siti.press("Ajukan konsultasi")
    siti.sees("KS-2026-000001")

    budi = someone("desktop", script=script).log_in("budi")
    budi.visit("/petugas/konsultasi/KS-2026-000001")
    budi.press("Ambil")
    if script:
        search = budi.page.locator("#artikel")
        search.press_sequentially("beda sensus dan survei", delay=10)
        first = budi.page.locator("#pilihan li").first
        expect(first).to_contain_text("Apa beda sensus, survei")
        search.press("Enter")
        composer = budi.page.locator("#composer textarea")
        wait_until(
            lambda: "/artikel/beda-sensus-survei" in composer.input_value(), "link"
        )
    budi.page.locator("#composer textarea").fill("Luasnya delapan kilometer persegi.")
    budi.send("Pengguna")
    budi.sees("Luasnya delapan kilometer persegi.")
    budi.page.locator(".marks summary").last.click()
    budi.press("Jawaban final")
    budi.visit("/petugas/konsultasi/KS-2026-000001").follow("Buat artikel")
    expect(budi.page.locator("#body")).to_have_value(
        "**Pertanyaan**\n\nBerapa luas genangan waduk itu?\n\n**Jawaban**\n\n"
        "Luasnya delapan kilometer persegi."
    )
    budi.fill("Judul", "Berapa luas Waduk Mrica?")
    budi.press("Simpan draf")
    budi.press("Ajukan tinjauan")
    budi.sees("Menunggu tinjauan petugas lain")

    rina = someone("desktop", script=script).log_in("rina")
    rina.visit("/petugas/artikel?keadaan=review").follow("Berapa luas Waduk Mrica?")
    rina.press("Terbitkan")
    rina.sees("Artikel terbit dan sudah dapat dicari.")

    siti.visit("/cari?q=luas+waduk+mrica").follow("Berapa luas Waduk Mrica?")
    siti.sees("Luasnya delapan kilometer persegi.")


@pytest.mark.parametrize("script", [True, False])
def test_what_stands_in_the_form_goes_along_with_every_button(
    someone: Callable[..., Person], script: bool
):
    budi = someone("phone", script=script).log_in("budi").visit("/petugas/artikel/baru")
    budi.fill("Judul", f"Apa itu sensus {script}?")
    budi.fill("Isi", "Isi lama.")
    budi.press("Simpan draf")
    budi.fill("Isi", "Isi dari Budi.")
    budi.press("Ajukan tinjauan")
    budi.sees("Menunggu tinjauan petugas lain")
    address = budi.page.url

    rina = someone("desktop", script=script).log_in("rina").visit(address)
    expect(rina.page.locator("#body")).to_have_value("Isi dari Budi.")
    rina.fill("Isi", "Isi dari Rina.")
    rina.press("Terbitkan")
    rina.sees("Artikel terbit dan sudah dapat dicari.")
    expect(rina.page.locator("#body")).to_have_value("Isi dari Rina.")
