"""Codes at both sides: offered while an activity is described, and inserted."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.processes import wait_until

NUMBER = "KS-2026-000001"
FIRST = "KBLI 2025 56103 Penyediaan Makanan Keliling dan Kaki Lima"


@pytest.mark.parametrize("script", [True, False])
def test_an_activity_becomes_a_code_in_the_answer(
    someone: Callable[..., Person], script: bool
):
    siti = someone("phone", script=script).log_in("siti")
    siti.visit("/konsultasi/baru?jenis=classification")
    siti.fill("Subjek", "Kode usaha saya")
    activity = siti.page.locator("#activity")
    activity.press_sequentially("jualan nasi goreng gerobak", delay=10)
    if script:
        expect(siti.page.locator("#calon li").first).to_contain_text("56103")
    siti.fill("Uraian", "Untuk izin usaha.")
    siti.press("Ajukan konsultasi")
    siti.sees(NUMBER)

    budi = someone("desktop", script=script).log_in("budi")
    budi.visit(f"/petugas/konsultasi/{NUMBER}")
    budi.press("Ambil")
    composer = budi.page.locator("#composer textarea")
    if script:
        choice = budi.page.locator("#kode-pilihan li").first
        expect(choice).to_contain_text("56103")
        choice.get_by_role("button").click()
    else:
        budi.press("Sisipkan kode")
    wait_until(lambda: FIRST in composer.input_value(), "the code in the answer")
    budi.send("Pengguna")
    budi.sees(FIRST)

    siti.visit(f"/konsultasi/{NUMBER}")
    siti.sees(FIRST)


def test_villages_join_the_suggestions_when_the_field_is_used(
    someone: Callable[..., Person],
):
    siti = someone("phone").log_in("siti").visit("/konsultasi/baru?jenis=data")
    options = siti.page.locator("#wilayah option")
    before = options.count()
    assert before > 1

    with siti.page.expect_response("**/wilayah/pilihan"):
        siti.page.locator("#area").focus()
    wait_until(lambda: options.count() >= before, "the suggestions")
    siti.fill("Wilayah", "kec. wanadadi")
