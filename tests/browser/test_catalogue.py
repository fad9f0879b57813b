"""A question about a figure, answered by an officer in a few presses."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES, Person
from tests.processes import Service

pytestmark = pytest.mark.office(open=12, closed=0)
MAX_PRESSES = 5
FIGURE = re.compile(r"Kabupaten Contoh.*2024: 637\.540 jiwa")
TABLE = re.compile(r"Selasih · Jumlah\t")


class Counted:
    """A keyboard and a mouse that count what is pressed; words typed count once."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def press(self, key: str) -> None:
        self.presses += 1
        self.page.keyboard.press(key)

    def click(self, label: str) -> None:
        self.presses += 1
        self.page.get_by_label(label, exact=True).click()

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)


@pytest.fixture
def budi(someone: Callable[..., Person]) -> Person:
    budi = someone().log_in("budi")
    budi.visit("/petugas?keadaan=antrian")
    budi.page.keyboard.press("j")
    budi.page.keyboard.press("a")
    budi.page.keyboard.press("Enter")
    budi.sees("Sedang dilayani")
    return budi


def test_the_card_of_a_figure_has_the_room_of_every_card(
    someone: Callable[..., Person],
):
    visitor = someone("phone").visit("/cari?q=jumlah+penduduk+kabupaten+contoh")
    card = visitor.page.get_by_role("region", name="Jumlah Penduduk").first

    paddings = card.evaluate(
        """card => {
          const plain = document.createElement("div");
          plain.className = "card";
          document.querySelector("main").append(plain);
          return [card, plain].map(part => getComputedStyle(part).padding);
        }"""
    )

    assert paddings[0] == paddings[1]


def test_a_figure_is_put_into_an_answer_in_few_presses(budi: Person):
    hand = Counted(budi.page)
    composer = budi.page.get_by_label("Pesan", exact=True)

    hand.click("Sisipkan angka atau artikel")
    hand.type("jml pnduduk kab contoh 2024")
    offered = budi.page.get_by_role("button", name="Sisipkan angka")
    expect(offered).to_be_visible()
    hand.press("Enter")
    expect(composer).to_have_value(FIGURE)
    expect(composer).to_have_value(re.compile("Sumber: data contoh.*diakses"))
    composer.click()
    hand.presses += 1
    hand.press("Control+Enter")
    budi.sees("Terkirim pukul")

    assert hand.presses <= MAX_PRESSES
    expect(budi.page.locator(".thread")).to_contain_text("637.540 jiwa")


def test_a_table_is_put_in_as_a_table(budi: Person):
    hand = Counted(budi.page)

    hand.click("Sisipkan angka atau artikel")
    hand.type("penduduk kab contoh")
    expect(budi.page.get_by_role("button", name="Sisipkan tabel")).to_be_visible()
    hand.press("Control+Enter")
    composer = budi.page.get_by_label("Pesan", exact=True)
    expect(composer).to_have_value(TABLE)
    composer.click()
    hand.press("Control+Enter")
    budi.sees("Terkirim pukul")

    expect(budi.page.locator(".thread .pasted table")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_a_page_with_a_figure_fits(
    service: Service, someone: Callable[..., Person], size: str
):
    reader = someone(size=size)
    reader.visit("/cari?q=brp+jumlah+penduduk+kabupaten+contoh")
    reader.sees("642.761")

    width = reader.page.evaluate("document.documentElement.scrollWidth")
    assert width <= SIZES[size]["width"]
    assert not reader.complaints
