"""The IT person takes a fresh installation into use, from link to first mail."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import expect

from pst.prepare import OFFICE
from tests.browser.conftest import Person
from tests.postgresql import Server, mark
from tests.processes import Service
from tests.served import MORNING, empty

EMAIL, PASSWORD = "ti@kantor.test", "gunung-dieng-pagi-hari"


@pytest.fixture(scope="module")
def prepared(
    tmp_path_factory: pytest.TempPathFactory, postgresql: Server | None
) -> Path:
    """A data folder as an installation leaves it: one admin, and no article."""
    folder = tmp_path_factory.mktemp("fresh")
    service = empty(folder, postgresql)
    service.at(MORNING)
    service.env["PST_DEMO"] = "0"
    # The rest of the office logs in without codes here; the journeys ask for them.
    office = {**json.loads(OFFICE.read_text()), "require_two_step": False}
    service.flask("prepare", "--office", "-", input=json.dumps(office))
    words = ("--name", "Tono", "--role", "admin", "--password-stdin")
    service.flask("accounts", "create", EMAIL, *words, input=PASSWORD + "\n")
    mark(folder, service.env["PST_DATABASE_URL"])
    return folder


def test_the_first_visit(
    service: Service, workers: None, someone: Callable[..., Person]
):
    admin = someone("phone").log_in(EMAIL, PASSWORD)

    admin.sees_title("Persiapan layanan")
    admin.follow("Mulai: Masuk dua langkah")
    admin.follow("Aktifkan")
    admin.press("Mulai")
    admin.open("Tidak dapat memindai?")
    secret = admin.page.locator("details code").inner_text().replace(" ", "")
    seconds = float(service.clock.read_text())
    admin.fill("Kode", code_at(secret, seconds))
    admin.press("Aktifkan")
    admin.press("Sudah saya simpan")
    admin.follow("Lanjutkan persiapan")
    admin.press("Simpan dan lanjutkan")

    admin.sees_title("Data kantor")
    admin.fill("Nama kantor", "BPS Kabupaten Purbalingga")
    admin.press("Simpan dan lanjutkan")
    admin.press("Simpan dan lanjutkan")
    admin.sees_title("Kalender")
    admin.press("Sudah cocok, lanjutkan")

    admin.fill("Nama lengkap", "Budi Santoso")
    admin.fill("Email", "budi@kantor.test")
    admin.press("Kirim undangan")
    admin.follow("Lanjutkan")

    admin.press("Kirim email uji")
    admin.page.evaluate("window.stays = true")
    admin.sees("Server email menerimanya")
    assert admin.page.evaluate("window.stays"), "the page itself found out"
    admin.press("Email sudah saya terima")

    admin.page.get_by_text("Pilih satu per satu").nth(2).click()
    admin.page.locator("details[open] input").first.check()
    admin.press("Pasang yang dipilih")
    admin.sees("1 artikel diterbitkan.")
    admin.sees_title("Sumber data")
    admin.press("Lewati dahulu")
    admin.sees_title("Hampir selesai")
    assert admin.page.get_by_role("link", name="Selesaikan").count() == 1
    expect(admin.page.locator(".brand")).to_contain_text("Purbalingga")


def test_every_step_fits_a_phone_and_works_without_script(
    service: Service, someone: Callable[..., Person]
):
    admin = someone("phone", script=False).log_in(EMAIL, PASSWORD)

    admin.follow("Mulai: Masuk dua langkah")
    for title in ("Data kantor", "Jam layanan", "Kalender", "Petugas"):
        admin.press("Lewati dahulu")
        admin.sees_title(title)
        width = "document.documentElement.scrollWidth"
        assert admin.page.evaluate(width) <= 360, title
    admin.press("Lewati dahulu")
    admin.press("Lewati dahulu")
    admin.press("Pasang semua (94)")
    admin.sees("94 artikel diterbitkan.")
    admin.sees_title("Sumber data")
    assert admin.page.evaluate(width) <= 360
    admin.press("Lewati dahulu")

    admin.sees_title("Hampir selesai")


def code_at(secret: str, offset_s: float) -> str:
    """Make the code an app would show whose clock is `offset_s` ahead of ours."""
    return pyotp.TOTP(secret).at(int(time.time() + offset_s))
