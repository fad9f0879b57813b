"""The page of who asked and the desk: each side has its own, and no other's."""

import pytest

from tests.pages import Browser
from tests.steps import DESK, HTMX, MINE, ask


def test_the_office_has_no_part_in_the_page_of_who_asked(
    served, siti: Browser, budi: Browser, hasan: Browser, dewi: Browser
):
    for other in (budi, hasan, dewi):
        for path in (MINE, f"{MINE}/keadaan"):
            assert other.get(path).status_code == 404
        for path in (f"{MINE}/pesan", f"{MINE}/penutupan", f"{MINE}/pembatalan"):
            assert other.post(path, {"body": "Halo."}).status_code == 404

    page = siti.get(MINE).text
    assert "Sedang ditangani" in page and "Halo." not in page


def test_the_address_of_messages_leads_each_to_their_own_page(
    served, siti: Browser, budi: Browser, rina: Browser
):
    assert siti.get(f"{MINE}/pesan").location.endswith(f"{MINE}#akhir")
    assert budi.get(f"{MINE}/pesan").location.endswith(f"{DESK}#akhir")

    own = ask(rina).location.partition("#")[0]
    assert rina.get(f"{own}/pesan").location.endswith(f"{own}#akhir")


def news(browser: Browser, path: str = MINE):
    return browser.get(f"{path}/pesan", headers={**HTMX, "HX-PTag": "0.0"})


def test_a_page_hears_with_its_news_that_it_is_over(
    served, siti: Browser, budi: Browser
):
    assert news(siti).headers["HX-Trigger"] == "changed"

    siti.post(f"{MINE}/penutupan")

    assert news(siti).headers["HX-Trigger"] == "changed, closed"
    assert news(budi).headers["HX-Trigger"] == "changed, closed"


def test_the_place_in_the_queue_is_for_who_asked(siti: Browser, budi: Browser):
    ask(siti)

    assert "urutan ke-1" in siti.get(f"{MINE}/terbaru?sesudah=0").text
    assert "urutan ke-" not in budi.get(f"{MINE}/terbaru?sesudah=0").text


def test_a_repeat_of_an_answer_closes_nothing_that_was_opened_since(
    served, siti: Browser, budi: Browser
):
    answer = {"body": "31.000 jiwa.", "key": "k", "then": "selesai", "closes": "y"}
    budi.post(f"{DESK}/pesan", answer)
    siti.post(f"{MINE}/pesan", {"body": "Menurut umur?", "key": "s"})
    assert "Sedang ditangani" in siti.get(MINE).text

    assert budi.post(f"{DESK}/pesan", answer).status_code == 303  # it came twice

    assert "Sedang ditangani" in siti.get(MINE).text
    assert siti.get(MINE).text.count("31.000 jiwa.") == 1


@pytest.mark.parametrize(
    ("press", "status"),
    [("draf", 303), ("templat", 303), ("kode", 303), ("", 422), ("kirim", 422)],
)
def test_only_its_officer_writes_on_it_by_the_form(
    served, budi: Browser, rina: Browser, press: str, status: int
):
    """Other people are refused first, also where no button or choice came."""
    form = {"body": "Jumlahnya", "key": "k", "press": press, "then": ""}

    assert rina.post(f"{DESK}/pesan", form).status_code == 409
    assert budi.post(f"{DESK}/pesan", form).status_code == status


LATE = "2026-03-06 09:00+07:00"
WHY = f"{DESK}/keterlambatan"


def answer(budi: Browser, text: str = "31.000 jiwa.", **more: str) -> str:
    form = {"body": text, "key": text, "then": "selesai", **more}
    sent = budi.post(f"{DESK}/pesan", form)
    assert sent.status_code == 303
    return sent.location


def test_a_late_answer_that_closes_nothing_asks_for_no_reason_yet(
    served, budi: Browser, at
):
    at(LATE)
    budi.log_in("budi")

    assert answer(budi).endswith(f"{DESK}#akhir")
    assert answer(budi, "Sekian.", closes="y").endswith(f"{DESK}/penutupan")


def test_a_repeat_after_the_end_says_nothing_of_the_end(
    served, siti: Browser, budi: Browser
):
    answer(budi)
    siti.post(f"{MINE}/penutupan")

    assert answer(budi).endswith(f"{DESK}#akhir")


def test_what_was_closed_late_is_explained_and_explained_again(
    served, siti: Browser, budi: Browser, at
):
    early = budi.post(WHY, {"reason": "workload"})
    assert early.location.endswith(DESK), "nothing is late"
    at(LATE)
    answer(budi.log_in("budi"))
    siti.log_in("siti").post(f"{MINE}/penutupan")
    page = budi.get(f"{DESK}/penutupan").text
    assert 'name="reason"' in page
    assert 'name="unanswered"' not in page and 'name="same_as"' not in page

    for reason, note in (("workload", "Banyak."), ("complex", "Sulit.")):
        assert budi.post(WHY, {"reason": reason, "note": note}).status_code == 303
        assert note in budi.get(DESK).text
