"""Files and pictures put into an article, at the place of the cursor."""

import base64
import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import expect

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


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(content, "PNG")
    return content.getvalue()


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
