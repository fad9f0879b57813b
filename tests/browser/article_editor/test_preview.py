"""The editor of an article: live preview, and buttons within reach."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.article_editor.steps import NEW, TITLE, body, write_on
from tests.browser.conftest import Person

Someone = Callable[..., Person]


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
