"""What a writer does in the editor of an article."""

from playwright.sync_api import Locator

from tests.browser.conftest import Person

NEW = "/petugas/artikel/baru"
TITLE, BODY = "Apa itu waduk?", "Baris satu.\n\nBaris dua."


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
