"""Ctrl+S saves an article once, over no one, and loses no word."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.article_editor.steps import (
    BODY,
    NEW,
    TITLE,
    body,
    cursor,
    line,
    put_cursor,
    write_on,
)
from tests.browser.conftest import Person
from tests.browser.steps import forgive

Someone = Callable[..., Person]
SAVED = re.compile(r"Draf tersimpan pukul \d\d\.\d\d")


def versions(person: Person) -> Locator:
    return person.page.get_by_role("link", name=re.compile(r"^Versi \d+"))


def test_ctrl_s_saves_and_leaves_the_cursor_where_it_is(budi: Person):
    put_cursor(budi, len("Baris"))
    budi.page.keyboard.type(" ke-")
    budi.page.evaluate("window.samePage = true")

    budi.page.keyboard.press("Control+s")

    expect(line(budi)).to_have_text(SAVED)
    assert budi.page.evaluate("window.samePage")
    assert cursor(budi) == len("Baris ke-")
    expect(body(budi)).to_be_focused()
    expect(versions(budi)).to_have_count(2)
    budi.page.keyboard.type("1")
    budi.page.keyboard.press("Control+s")
    expect(versions(budi)).to_have_count(3)
    budi.page.reload()
    expect(body(budi)).to_have_value(BODY.replace("Baris satu", "Baris ke-1 satu"))
    expect(budi.page.get_by_text("dipulihkan")).to_have_count(0)


def test_ctrl_s_makes_a_draft_of_a_new_article_once(someone: Someone):
    budi = someone().log_in("budi").visit(NEW)
    budi.fill("Judul", TITLE)
    budi.fill("Isi", "Isi")

    budi.page.keyboard.press("Control+s")
    expect(line(budi)).to_have_text(SAVED)
    budi.page.keyboard.type(" lagi")
    budi.page.keyboard.press("Control+s")

    expect(versions(budi)).to_have_count(2)
    expect(budi.page).to_have_url(re.compile(r"/petugas/artikel/\d+$"))
    expect(budi.page).to_have_title(re.compile(re.escape(TITLE)))
    expect(budi.page.get_by_role("button", name="Ajukan tinjauan")).to_be_visible()
    budi.page.reload()
    expect(body(budi)).to_have_value("Isi lagi")
    budi.visit(NEW)
    expect(body(budi)).to_have_value("")


def test_ctrl_s_without_a_link_says_so_and_keeps_the_text(budi: Person):
    budi.page.context.set_offline(True)
    write_on(budi, " Ditulis di kereta.")
    typed = body(budi).input_value()
    budi.page.keyboard.press("Control+s")
    expect(line(budi)).to_contain_text("Belum tersimpan")
    expect(line(budi)).to_contain_text("Tidak ada sambungan")
    expect(body(budi)).to_have_value(typed)
    assert is_kept(budi.page, "Ditulis di kereta.")

    budi.page.context.set_offline(False)
    budi.page.keyboard.press("Control+s")

    expect(line(budi)).to_have_text(SAVED)
    assert not is_kept(budi.page, "Ditulis di kereta.")
    forgive(budi)


def is_kept(page: Page, text: str) -> bool:
    return text in page.evaluate("JSON.stringify({...localStorage})")


def test_a_save_whose_answer_was_lost_is_no_second_version(budi: Person):
    """The server had it; the page asks again with the same words."""
    write_on(budi, " Lagi.")
    lost: list[int] = []

    def lose(route):  # type: ignore[no-untyped-def]
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    budi.page.route(re.compile(r"/petugas/artikel/\d+$"), lose)
    budi.page.keyboard.press("Control+s")
    expect(line(budi)).to_contain_text("Belum tersimpan")
    assert lost == [303]

    budi.page.keyboard.press("Control+s")

    expect(line(budi)).to_have_text(SAVED)
    expect(versions(budi)).to_have_count(2)
    forgive(budi)


def test_a_refused_save_says_what_is_missing_and_keeps_the_rest(budi: Person):
    budi.fill("Judul", "")
    write_on(budi, " Panjang.")
    typed = body(budi).input_value()

    budi.page.keyboard.press("Control+s")

    expect(line(budi)).to_contain_text("Judul wajib diisi")
    expect(budi.page.locator("[data-part=refusal]")).to_contain_text("Judul wajib")
    expect(body(budi)).to_have_value(typed)
    expect(body(budi)).to_be_focused()
    budi.fill("Judul", TITLE)
    budi.page.keyboard.press("Control+s")
    expect(line(budi)).to_have_text(SAVED)
    expect(budi.page.locator("[data-part=refusal]")).not_to_contain_text("wajib")
    forgive(budi)


def test_ctrl_s_on_an_old_page_overwrites_no_one(budi: Person, someone: Someone):
    rina = someone().log_in("rina").visit(budi.page.url)
    body(rina).fill("Dari Rina.")
    rina.page.keyboard.press("Control+s")
    expect(line(rina)).to_have_text(SAVED)
    body(budi).fill("Dari Budi.")

    for _ in range(2):  # insisting on it does not help
        budi.page.keyboard.press("Control+s")
        expect(line(budi)).to_contain_text("Belum tersimpan")
        expect(line(budi)).not_to_contain_text("Menyimpan…")
    expect(body(budi)).to_have_value("Dari Budi.")
    notice = budi.page.locator("[data-newer]")
    expect(notice).to_contain_text("menyimpan versi 2 saat Anda menulis")
    expect(notice.locator("del")).to_contain_text("Rina")

    budi.press("Simpan draf")
    budi.sees("Draf disimpan.")
    expect(versions(budi)).to_have_count(3)
    expect(body(budi)).to_have_value("Dari Budi.")
    forgive(budi)


def test_what_stands_in_another_field_survives_a_save(budi: Person):
    budi.open("Arsipkan")
    budi.fill("Digantikan oleh", "/artikel/lain")
    write_on(budi, " Lagi.")

    budi.page.keyboard.press("Control+s")

    expect(versions(budi)).to_have_count(2)
    expect(budi.page.locator("#pengganti")).to_have_value("/artikel/lain")


def test_a_log_in_that_ended_asks_for_one_and_keeps_the_text(budi: Person):
    write_on(budi, " Sesudah makan siang.")
    address = budi.page.url
    budi.page.context.clear_cookies()

    budi.page.keyboard.press("Control+s")

    link = line(budi).get_by_role("link", name=re.compile("Masuk kembali"))
    expect(link).to_be_visible()
    link.click()
    budi.log_in_here("budi")
    expect(budi.page).to_have_url(address)
    expect(body(budi)).to_have_value(f"{BODY} Sesudah makan siang.")
    forgive(budi)
