"""A table from a spreadsheet, pasted and sent: columns, empty cells, and taken back."""

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import Person
from tests.steps import cells

SUBJECT = "Cek jumlah penduduk"
ROWS = [
    ["", *(str(year) for year in range(2015, 2025))],
    ["Wanadadi", "33.000", "", *["33.900"] * 8],
    ["Purwareja Klampok", *["43.811"] * 9, ""],
]
# As a spreadsheet puts it into the clipboard.
PASTED = "\r\n".join("\t".join(row) for row in ROWS) + "\r\n"
CELLS = (
    """table => [...table.rows].map(row => [...row.cells].map(c => c.textContent))"""
)
SELECTED = """table => {
  const range = document.createRange();
  range.selectNode(table);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  document.execCommand("copy");
}"""
# A spreadsheet takes the HTML of what was copied, other programs the text.
TAKEN = """async () => {
  const [item] = await navigator.clipboard.read();
  const types = ["text/html", "text/plain"];
  return Promise.all(types.map(async type => (await item.getType(type)).text()));
}"""
# The table scrolls by itself; the page does not.
WIDTHS = """table => [document.documentElement.scrollWidth,
  table.parentNode.scrollWidth > table.parentNode.clientWidth]"""
SIDES = """table => [...table.rows[1].cells].map(c => getComputedStyle(c).textAlign)"""


@pytest.mark.parametrize("script", [True, False])
def test_a_pasted_table_keeps_its_columns_and_goes_back(
    someone: Callable[..., Person], script: bool
) -> None:
    siti = someone("phone", script=script).log_in("siti")
    siti.visit("/konsultasi/baru?jenis=metadata")
    siti.fill("Subjek", SUBJECT)
    siti.fill("Konsep atau variabel", "Penduduk")
    siti.fill("Uraian", f"Mana yang benar?\r\n{PASTED}")
    siti.press("Ajukan konsultasi")
    siti.sees_title(SUBJECT)
    siti.fill("Pesan", PASTED)
    siti.press("Kirim")
    siti.sees("Terkirim" if script else "Wanadadi")
    tables = siti.page.locator(".msg .pasted table")
    tables.nth(1).wait_for()

    for at in range(2):
        assert tables.nth(at).evaluate(CELLS) == ROWS
        assert tables.nth(at).evaluate(WIDTHS) == [
            siti.page.viewport_size["width"],
            True,
        ]
        assert tables.nth(at).evaluate(SIDES) == ["left", *["right"] * 10]
    siti.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tables.nth(1).evaluate(SELECTED)
    copied, text = siti.page.evaluate(TAKEN)
    assert cells(re.sub(r"(?<=<tr)[^>]*", "", copied)) == ROWS
    taken = [line.split("\t") for line in text.strip("\n").split("\n")]
    assert taken[1:] == ROWS[1:]

    siti.page.emulate_media(media="print")
    assert tables.nth(0).evaluate("t => getComputedStyle(t.parentNode).overflowX") == (
        "visible"
    )
