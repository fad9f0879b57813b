"""The first page on a phone and an office PC, and passwords that one may look at."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SIZES, Person
from tests.browser.steps import WIDER
from tests.people import PASSWORD, email_of

Someone = Callable[..., Person]
SENT = """() => {
  window.sent = 0;
  addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    window.sent += 1;
    event.preventDefault();
  });
}"""


def bottom(person: Person, selector: str) -> float:
    box = person.page.locator(selector).last.bounding_box()
    assert box, selector
    return box["y"] + box["height"]


def test_the_first_screen_of_a_phone_holds_what_a_newcomer_needs(someone: Someone):
    visitor = someone("phone").visit("/")
    height = SIZES["phone"]["height"]

    for part in (".hero h1", ".hero .search", ".hero .ask", ".key li"):
        assert bottom(visitor, part) <= height, part
    tops = {
        round(item.bounding_box()["y"])  # type: ignore[index]
        for item in visitor.page.locator(".key li").all()
    }
    assert len(tops) == 1, "three facts in one line"
    questions = visitor.page.locator(".asked a")
    expect(questions).to_have_count(3)
    assert questions.last.bounding_box()["y"] < height  # type: ignore[index]
    assert visitor.page.evaluate(WIDER) <= 0


def test_a_wide_screen_is_used(someone: Someone):
    visitor = someone().visit("/")
    asked = visitor.page.locator(".asked").bounding_box()
    ways = visitor.page.locator(".ways").bounding_box()

    assert asked and ways
    assert ways["x"] > asked["x"] + asked["width"], "next to each other"


def test_ten_results_fit_three_screens_of_a_phone(someone: Someone):
    visitor = someone("phone").visit("/cari?q=jumlah+penduduk")

    expect(visitor.page.locator("ol.hits > li")).to_have_count(10)
    top = visitor.page.locator("ol.hits").bounding_box()["y"]  # type: ignore[index]
    # Half a screen is left for the search box and a figure that answers at once.
    height = bottom(visitor, "ol.hits > li") - top
    assert height <= 2.5 * SIZES["phone"]["height"]


def test_a_password_is_shown_when_asked_and_hidden_when_sent(someone: Someone):
    visitor = someone("phone").visit("/masuk")
    field = visitor.page.locator("#password")
    visitor.fill("Email", email_of("siti"))
    field.fill(PASSWORD)
    visitor.press("Tampilkan")
    expect(field).to_have_attribute("type", "text")
    visitor.page.evaluate(SENT)

    field.press("Enter")

    expect(field).to_have_attribute("type", "password")
    visitor.press("Tampilkan")
    visitor.press("Sembunyikan")
    expect(field).to_have_attribute("type", "password")


def test_a_password_that_is_shown_is_kept_nowhere(someone: Someone):
    visitor = someone().visit("/daftar")
    visitor.press("Tampilkan")
    visitor.fill("Nama lengkap", "Tuti")
    visitor.page.locator("#password").fill("bulan merah di sawah")
    visitor.fill("Instansi", "Universitas")

    kept = visitor.page.evaluate(
        "() => JSON.stringify([{...localStorage}, {...sessionStorage}])"
    )
    assert "Universitas" in kept
    assert "bulan merah" not in kept


def test_a_refused_registration_keeps_the_password(someone: Someone):
    visitor = someone().visit("/daftar")
    visitor.page.locator("#password").fill("bulan merah di sawah")
    visitor.press("Daftar")

    visitor.sees("Periksa isian yang ditandai")
    expect(visitor.page.locator("#password")).to_have_value("bulan merah di sawah")
    expect(visitor.page.get_by_role("button", name="Tampilkan")).to_have_count(1)
    visitor.complaints.clear()


def test_a_double_click_asks_once(someone: Someone):
    visitor = someone().visit("/masuk")
    visitor.fill("Email", email_of("siti"))
    visitor.fill("Kata sandi", PASSWORD)
    visitor.page.evaluate(SENT)

    visitor.page.locator("main").get_by_role("button", name="Masuk").dblclick()

    assert visitor.page.evaluate("window.sent") == 1


@pytest.mark.parametrize("name", ["siti", "budi"])
def test_a_double_click_leads_on_without_an_error(someone: Someone, name: str):
    person = someone().visit("/masuk")
    person.fill("Email", email_of(name))
    person.fill("Kata sandi", PASSWORD)

    person.page.locator("main").get_by_role("button", name="Masuk").dblclick()

    expect(person.page.get_by_role("button", name="Keluar")).to_be_visible()


def test_a_picture_of_the_manual_comes_when_it_is_asked_for(someone: Someone):
    visitor = someone("phone")
    fetched: list[str] = []
    visitor.page.on("request", lambda request: fetched.append(request.url))
    visitor.visit("/panduan")
    visitor.page.wait_for_load_state("networkidle")
    assert not [url for url in fetched if ".webp" in url]

    visitor.page.locator(".manual details summary").first.click()

    picture = visitor.page.locator(".manual details img").first
    expect(picture).to_have_js_property("complete", True)
    assert [url for url in fetched if ".webp" in url]
