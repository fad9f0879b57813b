"""A morning at the desk, by keyboard and by mouse: how many presses each way costs.

Written words are not counted, nor the time to read; a press is a key (with its Ctrl or
Shift) or a click. The numbers are kept: a way may become shorter, not longer.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Person

SOON = re.compile("Permintaan Anda sedang")
Someone = Callable[..., Person]
pytestmark = pytest.mark.office(open=40, closed=10)
# The most presses for each of the ten commonest ways: by keyboard, by mouse.
MOST = {
    "open the most urgent": (2, 1),
    "claim from the list": (3, 1),
    "answer": (2, 2),
    "answer and go on": (2, 2),
    "put in a canned answer": (2, 2),
    "note": (3, 3),
    "ask for clarity": (3, 3),
    "mark the final answer": (2, 2),
    "back to the same row": (1, 1),
    "close": (2, 1),
}


class Desk:
    """An officer's hands: each press is counted under the way that is being gone."""

    def __init__(self, officer: Person) -> None:
        self.officer, self.page = officer, officer.page
        self.counts: dict[str, int] = {}
        self.way = ""

    def go(self, way: str) -> "Desk":
        """Begin a way, once the page that is shown listens to its keys."""
        self.page.wait_for_load_state()
        self.way = way
        self.counts[way] = 0
        return self

    def key(self, *keys: str) -> "Desk":
        for key in keys:
            self.counts[self.way] += 1
            self.page.keyboard.press(key)
        return self

    def click(self, part: Locator) -> "Desk":
        self.counts[self.way] += 1
        part.click()
        return self

    def type(self, words: str) -> "Desk":
        self.page.keyboard.insert_text(words)
        return self

    @property
    def composer(self) -> Locator:
        return self.page.locator("#composer textarea")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True).first

    def is_served(self) -> None:
        expect(self.composer).to_be_visible()


@pytest.fixture
def desk(someone: Someone) -> Iterator[Desk]:
    """Budi before a list of forty, with a canned answer of his own."""
    budi = someone().log_in("budi").visit("/petugas")
    desk = Desk(budi)
    yield desk
    print()
    for way, count in desk.counts.items():
        print(f"{way:28} {count}")


def test_the_ways_by_keyboard(desk: Desk):
    page = desk.page
    desk.go("claim from the list").key("j", "a", "Enter").is_served()
    desk.go("put in a canned answer").key("r").type("/sedang")
    desk.officer.sees("▸ Sedang disiapkan")
    desk.key("Enter")
    expect(desk.composer).to_have_value(SOON)
    desk.composer.fill("")
    page.keyboard.press("Escape")
    desk.go("note").key("n").type("Tanya produksi.").key("Tab", "Enter")
    desk.officer.sees("Tanya produksi.")
    desk.go("ask for clarity").key("m").type("Tahun berapa?").key("Tab", "Enter")
    desk.officer.sees("Petugas meminta kejelasan")
    desk.go("answer").key("r").type("Ini tabelnya, benar?").key("Control+Enter")
    desk.officer.sees("Terkirim pukul")
    page.keyboard.press("Escape")
    page.reload()
    desk.go("mark the final answer").key("f", "Enter")
    expect(page.locator("#thread .badge.good")).to_have_text("Jawaban final")
    number = page.url.split("/")[-1].partition("#")[0]
    desk.go("back to the same row").key("g")
    desk.officer.sees_title("Meja kerja")
    chosen = page.evaluate("document.activeElement.href ?? ''")
    assert chosen, "a row has the focus, be it what stands in its place"
    desk.go("open the most urgent").key("1", "Enter")
    desk.officer.sees("Yang paling mendesak berikutnya")
    if page.locator("#composer").count() == 0:
        page.keyboard.press("a")
        page.keyboard.press("Enter")
    desk.is_served()
    here = page.url
    desk.go("answer and go on").key("r").type("Baik.").key("Control+Shift+Enter")
    expect(page).not_to_have_url(here)
    desk.officer.visit(f"/petugas/konsultasi/{number}")
    desk.go("close").key("t", "Enter")
    desk.officer.sees(f"{number} ditutup.")

    assert_kept(desk, 0)


def test_the_ways_by_mouse(desk: Desk):
    page = desk.page
    desk.go("claim from the list").click(page.locator("[data-claim]").first).is_served()
    number = page.url.split("/")[-1].partition("#")[0]
    desk.go("put in a canned answer").click(page.locator("#templat"))
    desk.counts[desk.way] += 1  # the entry of the list that the browser draws
    page.locator("#templat").select_option(label="Sedang disiapkan")
    expect(desk.composer).to_have_value(SOON)
    desk.composer.fill("")
    desk.go("note").click(page.locator("summary", has_text="Catatan internal"))
    desk.click(page.locator("#note-body")).type("Tanya produksi.")
    desk.click(desk.button("Simpan catatan"))
    desk.officer.sees("Tanya produksi.")
    desk.go("ask for clarity").click(page.locator("[data-letter=m] > summary"))
    desk.click(page.locator("#question-body")).type("Tahun berapa?")
    desk.click(desk.button("Minta kejelasan"))
    desk.officer.sees("Petugas meminta kejelasan")
    desk.go("answer").click(desk.composer).type("Ini tabelnya, benar?")
    desk.click(page.locator("#composer [value=kirim]"))
    desk.officer.sees("Terkirim pukul")
    page.reload()
    desk.go("mark the final answer").click(page.locator(".marks summary").last)
    desk.click(desk.button("Jawaban final"))
    expect(page.locator("#thread .badge.good")).to_have_text("Jawaban final")
    desk.go("back to the same row").click(page.get_by_text("‹ Meja kerja"))
    desk.officer.sees_title("Meja kerja")
    row = page.locator(".rows > li > a").first
    desk.go("open the most urgent").click(row)
    if page.locator("#composer").count() == 0:
        page.locator("[data-claim]").first.click()
    desk.is_served()
    here = page.url
    desk.go("answer and go on").click(desk.composer).type("Baik.")
    desk.click(page.locator("[data-onward]"))
    expect(page).not_to_have_url(here)
    desk.officer.visit(f"/petugas/konsultasi/{number}")
    desk.go("close").click(page.locator("[data-letter=t]"))
    desk.officer.sees(f"{number} ditutup.")

    assert_kept(desk, 1)


def assert_kept(desk: Desk, hand: int) -> None:
    assert set(desk.counts) == set(MOST)
    longer = {
        way: count for way, count in desk.counts.items() if count > MOST[way][hand]
    }
    assert not longer


def test_fifteen_rows_stand_on_one_screen(desk: Desk):
    desk.officer.visit("/petugas")

    seen = desk.page.evaluate(
        "[...document.querySelectorAll('.rows > li')].filter("
        "(row) => row.getBoundingClientRect().bottom <= innerHeight).length"
    )

    assert seen >= 15


def test_letters_can_be_switched_off_and_do_nothing_alone(desk: Desk):
    page = desk.page
    desk.go("letters").key("j", "a")
    expect(page.locator("[data-claim]:focus")).to_have_count(1)
    desk.key("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Pakai tombol satu huruf").uncheck()
    desk.key("Escape")

    desk.key("c", "g", "?")

    expect(dialog).to_be_hidden()
    desk.officer.sees_title("Meja kerja")
    assert page.url.endswith("/petugas")
