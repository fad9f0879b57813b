"""The editor of an article: live preview, buttons within reach, files, Ctrl+S."""

import base64
import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Person
from tests.browser.steps import forgive

Someone = Callable[..., Person]
NEW = "/petugas/artikel/baru"
TITLE, BODY = "Apa itu waduk?", "Baris satu.\n\nBaris dua."
SAVED = re.compile(r"Draf tersimpan pukul \d\d\.\d\d")


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(content, "PNG")
    return content.getvalue()


def body(person: Person) -> Locator:
    return person.page.locator("#body")


def line(person: Person) -> Locator:
    return person.page.locator("[data-saved]")


def put_cursor(person: Person, place: int) -> None:
    body(person).evaluate("(area, at) => area.setSelectionRange(at, at)", place)
    body(person).focus()


def cursor(person: Person) -> int:
    return body(person).evaluate("area => area.selectionStart")


def write_on(person: Person, text: str) -> None:
    put_cursor(person, len(body(person).input_value()))
    person.page.keyboard.type(text)


def hand_over(person: Person, event: str, name: str, content: bytes) -> None:
    """Drop or paste a file as a browser does."""
    person.page.evaluate(
        """([event, name, content]) => {
          const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
          const carried = new DataTransfer();
          carried.items.add(new File([bytes], name));
          const options = { bubbles: true, cancelable: true };
          const [kind, holder] = event === "paste"
            ? [ClipboardEvent, "clipboardData"] : [DragEvent, "dataTransfer"];
          document.querySelector("#body").dispatchEvent(
            new kind(event, { ...options, [holder]: carried }));
        }""",
        [event, name, base64.b64encode(content).decode()],
    )


@pytest.fixture
def budi(someone: Someone) -> Person:
    """Budi with a draft that is saved."""
    budi = someone().log_in("budi").visit(NEW)
    budi.fill("Judul", TITLE)
    budi.fill("Isi", BODY)
    budi.press("Simpan draf")
    budi.sees("Draf disimpan.")
    return budi


def versions(person: Person) -> Locator:
    return person.page.get_by_role("link", name=re.compile(r"^Versi \d+"))


def test_the_preview_stands_next_to_the_text_and_follows_it(budi: Person):
    preview = budi.page.locator("#pratinjau")
    write_on(budi, " **Tebal** sekali.")

    expect(preview.locator("strong")).to_have_text("Tebal")
    text, shown = body(budi).bounding_box(), preview.bounding_box()
    assert text and shown
    assert shown["x"] >= text["x"] + text["width"]
    assert abs(shown["y"] - text["y"]) < 100
    expect(budi.page.get_by_role("button", name="Pratinjau")).to_be_hidden()


def test_on_a_phone_the_preview_is_behind_a_button(someone: Someone):
    budi = someone("phone").log_in("budi").visit(NEW)
    budi.fill("Isi", "Satu *miring*.")
    preview = budi.page.locator("#pratinjau")
    button = budi.page.get_by_role("button", name="Pratinjau")
    expect(preview).to_be_hidden()

    button.click()

    expect(preview.locator("em")).to_have_text("miring")
    expect(preview).to_be_visible()
    expect(body(budi)).to_be_hidden()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(body(budi)).to_be_visible()
    expect(body(budi)).to_have_value("Satu *miring*.")
    assert budi.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_a_button_shows_the_preview_and_saves_nothing(
    someone: Someone,
):
    budi = someone("phone", script=False).log_in("budi").visit(NEW)
    budi.fill("Judul", TITLE)
    budi.fill("Isi", "Satu *miring*.")

    budi.press("Pratinjau")

    expect(budi.page.locator("#pratinjau em")).to_have_text("miring")
    expect(body(budi)).to_have_value("Satu *miring*.")
    budi.press("Simpan draf")
    budi.sees("Draf disimpan.")
    budi.fill("Isi", "Dua **tebal**.")
    budi.press("Pratinjau")
    expect(budi.page.locator("#pratinjau strong")).to_have_text("tebal")
    budi.visit(budi.page.url)
    expect(body(budi)).to_have_value("Satu *miring*.")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_no_bar_covers_what_has_the_focus(someone: Someone, size: str):
    """WCAG 2.2, 2.4.11: forwards and backwards through every field."""
    budi = someone(size).log_in("budi").visit(NEW)
    budi.fill("Isi", "\n".join(f"Baris {number}" for number in range(60)))
    for key in ("Tab", "Shift+Tab"):
        budi.page.locator("#title" if key == "Tab" else "#review_on").focus()
        for _ in range(22):
            budi.page.keyboard.press(key)
            covered = budi.page.evaluate(COVERED)
            assert not covered, f"{key}: {covered}"


# What of the focused element the bars leave to be seen, in pixels of its height.
COVERED = """() => {
  const part = document.activeElement;
  if (!part.closest("form[data-article]")) return "";
  if (part.closest(".editor-bar, .toolbar")) return "";
  const box = part.getBoundingClientRect();
  const [bar, tools] = [".editor-bar", ".toolbar"].map((name) =>
    document.querySelector(name).getBoundingClientRect());
  const top = Math.max(box.top, 0, tools.top <= 1 ? tools.bottom : 0);
  const bottom = Math.min(box.bottom, innerHeight, bar.top);
  const whole = Math.min(box.height, 60);
  return bottom - top >= whole - 1 ? "" : `${part.id || part.name}: ${bottom - top}`;
}"""


def test_the_buttons_stay_in_reach_in_a_long_article(budi: Person):
    body(budi).fill("\n".join(f"Baris {number}" for number in range(300)))
    budi.page.evaluate("scrollTo(0, 0)")

    button = budi.page.get_by_role("button", name="Simpan draf")
    expect(button).to_be_in_viewport()
    budi.page.locator("#tags").scroll_into_view_if_needed()
    expect(button).to_be_in_viewport()


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_picture_stands_where_the_cursor_was(budi: Person, event: str):
    put_cursor(budi, len("Baris satu.\n"))

    hand_over(budi, event, "peta [1].png", picture())

    linked = re.compile(
        r"Baris satu\.\n!\[peta \\\[1\\\]\.png\]"
        r"\(/artikel/berkas/[\w-]+/[^)\s]+\)\nBaris dua\."
    )
    expect(body(budi)).to_have_value(linked)
    expect(line(budi)).to_contain_text("disisipkan")
    expect(budi.page.locator("#pratinjau img")).to_be_visible()
    width = "image => image.complete && image.naturalWidth"
    assert budi.page.locator("#pratinjau img").evaluate(width) == 40
    expect(budi.page.locator("#berkas a")).to_have_count(1)
    after = body(budi).input_value().index("\nBaris dua")
    assert cursor(budi) == after, "one goes on writing behind it"


def test_a_text_with_a_picture_of_itself_is_pasted_as_text(budi: Person):
    """As a spreadsheet copies its cells."""
    taken = budi.page.evaluate(
        """() => {
          const carried = new DataTransfer();
          carried.setData("text/plain", "1\\t2");
          carried.items.add(new File(["x"], "sel.png"));
          const paste = new ClipboardEvent("paste",
            { bubbles: true, cancelable: true, clipboardData: carried });
          return !document.querySelector("#body").dispatchEvent(paste);
        }"""
    )

    assert not taken, "the browser puts the text in"
    expect(budi.page.locator("[data-rows] li")).to_have_count(0)


def test_what_is_typed_in_between_moves_the_place_along(budi: Person):
    """The file goes where the cursor was, not where it is."""
    put_cursor(budi, len("Baris satu.\n"))
    held: list[object] = []
    budi.page.route("**/berkas", lambda route: held.append(route))
    hand_over(budi, "drop", "peta.png", picture())
    expect(budi.page.locator("[data-rows] progress")).to_be_visible()

    put_cursor(budi, 0)
    budi.page.keyboard.type("Awal. ")
    held[0].continue_()  # type: ignore[attr-defined]

    expect(body(budi)).to_have_value(
        re.compile(r"^Awal\. Baris satu\.\n!\[peta\.png\]\([^)]+\)\nBaris dua\.$")
    )
    assert cursor(budi) == len("Awal. ")


def test_a_refused_file_says_why_and_loses_nothing(budi: Person):
    write_on(budi, " Belum tersimpan.")
    typed = body(budi).input_value()

    hand_over(budi, "drop", "program.exe", b"MZ\x90\x00" + b"\0" * 200)

    row = budi.page.locator("[data-rows] li")
    expect(row).to_contain_text("program.exe")
    expect(row).to_contain_text("Yang diterima: PDF, XLSX")
    expect(line(budi)).to_contain_text("program.exe: Jenis berkas tidak didukung")
    expect(body(budi)).to_have_value(typed)
    budi.press("Tutup")
    expect(row).to_have_count(0)
    forgive(budi)


def test_a_file_waits_for_the_link_and_arrives_once(budi: Person):
    budi.page.context.set_offline(True)
    hand_over(budi, "drop", "peta.png", picture())
    expect(budi.page.locator("[data-rows]")).to_contain_text("mencoba lagi")
    expect(body(budi)).to_have_value(BODY)

    budi.page.context.set_offline(False)

    expect(body(budi)).to_have_value(re.compile(r"!\[peta\.png\]"))
    expect(budi.page.locator("#berkas a")).to_have_count(1)
    forgive(budi)


def test_a_file_in_a_new_article_saves_its_draft_first(someone: Someone):
    budi = someone().log_in("budi").visit(NEW)
    budi.fill("Isi", "Lihat ")
    hand_over(budi, "drop", "peta.png", picture())
    expect(budi.page.locator("[data-rows] li")).to_contain_text("Lengkapi isian wajib")
    expect(line(budi)).to_contain_text("draf belum dapat disimpan")
    expect(budi.page.locator("[data-part=refusal]")).to_contain_text("Judul wajib")
    expect(body(budi)).to_have_value("Lihat ")
    forgive(budi)

    budi.press("Tutup")
    budi.fill("Judul", TITLE)
    put_cursor(budi, len("Lihat "))
    hand_over(budi, "drop", "peta.png", picture())

    expect(body(budi)).to_have_value(re.compile(r"^Lihat !\[peta\.png\]"))
    expect(budi.page).to_have_url(re.compile(r"/petugas/artikel/\d+$"))


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
