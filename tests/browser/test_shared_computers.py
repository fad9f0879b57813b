"""A computer that many people use keeps nothing of any of them."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Person

Someone = Callable[..., Person]
FORM = "/konsultasi/baru?jenis=data"
KEPT = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
WORDS = "Kata-kata yang belum terkirim"


def begin(person: Person) -> None:
    person.visit(FORM)
    person.fill("Uraian", WORDS)


def log_out(person: Person, *, is_sure: bool) -> list[str]:
    """Press *Keluar*; return what the browser asked."""
    asked: list[str] = []

    def answer(dialog) -> None:  # type: ignore[no-untyped-def]
        asked.append(dialog.message)
        dialog.accept() if is_sure else dialog.dismiss()

    person.page.once("dialog", answer)
    person.page.locator("form[data-leave] button").first.click()
    return asked


def test_leaving_warns_of_unsent_words_and_removes_them(someone: Someone):
    siti = someone().log_in("siti")
    begin(siti)
    expect(siti.page.locator("form[data-keep]")).to_be_visible()
    assert WORDS in siti.page.evaluate(KEPT)

    assert "belum terkirim" in log_out(siti, is_sure=False)[0]
    assert WORDS in siti.page.evaluate(KEPT)

    log_out(siti, is_sure=True)
    siti.sees("Anda sudah keluar.")
    siti.page.wait_for_function(f"!({KEPT}).includes({WORDS!r})")


def test_leaving_asks_nothing_when_nothing_is_unsent(someone: Someone):
    siti = someone().log_in("siti")
    siti.visit("/konsultasi")

    assert log_out(siti, is_sure=True) == []
    siti.sees("Anda sudah keluar.")


def test_a_shared_computer_keeps_nothing(someone: Someone):
    siti = someone()
    siti.visit("/masuk")
    siti.tick("Komputer bersama")
    siti.log_in_here("siti")
    begin(siti)

    assert WORDS not in siti.page.evaluate(KEPT)
    ends = {c["name"]: c["expires"] for c in siti.page.context.cookies()}
    assert ends and set(ends.values()) == {-1}


def test_without_scripts_too(someone: Someone):
    siti = someone(script=False)
    siti.visit("/masuk")
    siti.tick("Komputer bersama")
    siti.log_in_here("siti")
    siti.visit(FORM)
    siti.press("Keluar")

    siti.sees("Anda sudah keluar.")
    assert all(c["expires"] == -1 for c in siti.page.context.cookies())
