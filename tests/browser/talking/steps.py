"""What both sides of a conversation do and see in the browser."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.browser.steps import SUBJECT, ask

LONG = "\n".join(f"Baris {number} dari jawaban yang panjang." for number in range(60))
# A window behind another one: shown, and without the focus.
UNFOCUS = "document.hasFocus = () => window.isFocused ?? false"


def begin(siti: Person, budi: Person) -> str:
    """A request of Siti's that Budi serves; return its number."""
    siti.log_in("siti")
    ask(siti)
    siti.sees_title(SUBJECT)
    number = re.search(r"KS-\d{4}-\d{6}", siti.page.url)
    assert number
    budi.log_in("budi").visit(f"/petugas/konsultasi/{number[0]}")
    budi.press("Ambil")
    expect(budi.page.locator("#composer")).to_be_visible()
    return number[0]


def answer(budi: Person, text: str) -> None:
    budi.fill("Pesan", text)
    budi.send("Pengguna")
    expect(budi.page.locator("#thread .msg.mine:not(.pending)").last).to_contain_text(
        text.splitlines()[-1]
    )
