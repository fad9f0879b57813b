"""A request that was begun: kept, never sent unasked, never mixed with another."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Person
from tests.browser.steps import FORM, OLD, field, fill_in, forgive

Someone = Callable[..., Person]
NEW = "Menurut jenis kelamin saja."


@pytest.fixture
def siti(someone: Someone) -> Person:
    return someone("phone").log_in("siti")


def requests_filed(person: Person) -> int:
    """Count on another page, so that the one in use stays as it is."""
    other = person.page.context.new_page()
    other.goto(person.url + "/konsultasi")
    count = other.locator("li[id^=consultation-]").count()
    other.close()
    return count


def filed(page: Page):  # type: ignore[no-untyped-def]
    return page.locator("#thread li[id^=request-] .text")


def test_a_request_changed_without_a_link_is_filed_in_its_new_words(siti: Person):
    fill_in(siti)
    siti.page.context.set_offline(True)
    siti.press("Ajukan konsultasi")
    siti.sees("Coba lagi")
    siti.fill("Uraian", NEW)
    siti.sees("Tekan Ajukan konsultasi bila sudah selesai mengubah")
    siti.press("Ajukan konsultasi")
    siti.sees("Coba lagi")

    siti.page.context.set_offline(False)

    expect(filed(siti.page)).to_have_text(NEW)
    assert requests_filed(siti) == 1
    forgive(siti)


def test_a_change_after_a_lost_answer_is_added_to_what_was_filed(siti: Person):
    lost: list[int] = []

    def store_then_drop(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch().status)  # the server has it …
        siti.page.context.set_offline(True)
        route.abort()  # … but no one hears of it

    siti.page.route("**/konsultasi/baru?*", store_then_drop)
    fill_in(siti)
    siti.press("Ajukan konsultasi")
    siti.sees("Coba lagi")
    siti.fill("Uraian", NEW)
    siti.press("Ajukan konsultasi")

    siti.page.context.set_offline(False)

    expect(filed(siti.page)).to_have_text(OLD)
    siti.sees("Permintaan saya setelah diubah")
    siti.sees(NEW)
    assert lost == [204]
    assert requests_filed(siti) == 1
    forgive(siti)


def test_a_request_left_behind_is_shown_and_not_filed_unasked(siti: Person):
    fill_in(siti)
    siti.page.context.set_offline(True)
    siti.press("Ajukan konsultasi")
    siti.sees("Coba lagi")
    context = siti.page.context
    siti.page.close()
    context.set_offline(False)

    siti.page = context.new_page()
    sent: list[str] = []
    siti.page.on("request", lambda r: r.method == "POST" and sent.append(r.url))
    siti.visit("/konsultasi/baru?jenis=classification")
    siti.sees("dipulihkan")
    expect(field(siti, "Uraian")).to_have_value(OLD)
    siti.visit(FORM)
    siti.sees("dipulihkan")
    assert not sent
    assert requests_filed(siti) == 0

    siti.press("Ajukan konsultasi")

    expect(filed(siti.page)).to_have_text(OLD)
    assert requests_filed(siti) == 1
    forgive(siti)


def test_an_old_draft_is_not_mixed_into_another_request(siti: Person):
    siti.visit("/konsultasi/baru?jenis=metadata")
    siti.fill("Subjek", "Konsep lama")
    siti.fill("Konsep atau variabel", "Garis kemiskinan")
    siti.fill("Uraian", "Uraian lama.")

    siti.visit("/konsultasi/baru?jenis=metadata&subjek=Subjek baru")
    siti.sees("Ada tulisan lama yang belum terkirim: “Konsep lama”.")
    expect(field(siti, "Subjek")).to_have_value("Subjek baru")
    expect(field(siti, "Konsep atau variabel")).to_have_value("")
    expect(field(siti, "Uraian")).to_have_value("")
    siti.fill("Uraian", "Uraian baru.")

    siti.press("Lanjutkan tulisan lama")
    expect(field(siti, "Subjek")).to_have_value("Konsep lama")
    expect(field(siti, "Konsep atau variabel")).to_have_value("Garis kemiskinan")
    expect(field(siti, "Uraian")).to_have_value("Uraian lama.")

    siti.page.reload()  # what was begun instead is not lost either
    siti.sees("Ada tulisan lama yang belum terkirim: “Subjek baru”.")
    siti.press("Buang tulisan lama")
    siti.page.reload()
    siti.sees("dipulihkan")
    expect(siti.page.get_by_text("Ada tulisan lama")).to_have_count(0)


def test_what_was_restored_can_be_thrown_away(siti: Person):
    fill_in(siti)
    siti.page.reload()
    siti.sees("dipulihkan")

    siti.press("Buang tulisan ini")
    expect(field(siti, "Uraian")).to_have_value("")
    siti.page.reload()

    expect(field(siti, "Uraian")).to_have_value("")
    expect(siti.page.get_by_text("dipulihkan")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
def test_subject_and_description_go_along_to_another_kind(
    someone: Someone, script: bool
):
    siti = someone("phone", script=script).log_in("siti")
    fill_in(siti)

    siti.open("Ganti jenis konsultasi")
    siti.press("Metadata")

    siti.sees_title("Konsultasi Metadata")
    expect(field(siti, "Subjek")).to_have_value("Jumlah penduduk")
    expect(field(siti, "Uraian")).to_have_value(OLD)
    siti.fill("Konsep atau variabel", "Penduduk")
    siti.press("Ajukan konsultasi")
    expect(filed(siti.page)).to_have_text(OLD)


def test_going_back_to_the_first_step_finds_what_was_typed(siti: Person):
    siti.visit("/konsultasi/baru")
    siti.page.get_by_role("radio").first.check()
    siti.fill("Subjek", "Jumlah penduduk")
    siti.fill("Uraian", OLD)
    siti.press("Lanjut")
    siti.follow("Tidak, ajukan konsultasi")
    expect(field(siti, "Uraian")).to_have_value(OLD)
    expect(siti.page.get_by_text("Ada tulisan lama")).to_have_count(0)

    siti.page.go_back()
    siti.page.go_back()

    expect(field(siti, "Subjek")).to_have_value("Jumlah penduduk")
    expect(field(siti, "Uraian")).to_have_value(OLD)
