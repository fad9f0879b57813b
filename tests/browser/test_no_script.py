"""Without scripts: nothing typed is lost to a refresh, a refusal or an ended log-in."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Frame, expect

from tests.browser.conftest import Person
from tests.browser.test_bad_link import SUBJECT, ask, send
from tests.processes import wait_until

Someone = Callable[..., Person]
REFRESH = "meta[http-equiv=refresh]"
LOG_IN = "pst_l"


@pytest.fixture
def siti(someone: Someone) -> Person:
    siti = someone("phone", script=False).log_in("siti")
    ask(siti)
    siti.sees("urutan ke-1")
    return siti


def test_an_attachment_that_was_not_kept_is_named_and_asked_for(siti: Person, tmp_path):
    table = tmp_path / "tabel.csv"
    table.write_text("tahun,jumlah\n2025,31000\n")
    siti.page.locator("input[type=file]").set_input_files(table)
    siti.fill("Pesan", "Ini tabel yang saya maksud.")
    siti.page.context.clear_cookies(name=LOG_IN)
    siti.press("Kirim")
    siti.sees("Lampiran tidak ikut tersimpan: tabel.csv")
    siti.complaints.clear()

    siti.log_in_here("siti")
    siti.sees("Lampiran tidak ikut tersimpan: tabel.csv")
    siti.page.get_by_label("Pilih lagi lampirannya").set_input_files(table)
    siti.press("Kirim sekali lagi")

    thread = siti.page.locator("#thread")
    expect(thread.get_by_text("Ini tabel yang saya maksud.")).to_be_visible()
    expect(thread.get_by_role("link", name="tabel.csv")).to_be_visible()
