"""A conversation in the browser: what is seen is read, and the page stays in place."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Person
from tests.browser.steps import SUBJECT, ask
from tests.browser.talking.steps import LONG, UNFOCUS, answer, begin
from tests.processes import Service, wait_until

HIDE = """
Object.defineProperty(document, "hidden", {get: () => true});
document.dispatchEvent(new Event("visibilitychange"));
"""
TOP = "element => element.getBoundingClientRect().top"


def bottom_of(part: Locator) -> float:
    bottom: float = part.evaluate("element => element.getBoundingClientRect().bottom")
    return bottom


def reads_of(page: Page) -> list[str]:
    """Note the read marks that a page sends from now on."""
    sent: list[str] = []
    page.on(
        "request",
        lambda r: r.url.endswith("/bacaan") and sent.append(r.post_data or ""),
    )
    return sent


def test_only_what_was_seen_is_read(service: Service, someone: Callable[..., Person]):
    siti, budi = someone("phone"), someone()
    number = begin(siti, budi)
    answer(budi, "Yang pertama.")
    answer(budi, LONG)
    siti.visit(f"/konsultasi/{number}")
    siti.sees("Belum dibaca")

    # The end of the long one is below the fold: only the first comes to be read.
    page = siti.page
    marks = page.locator("#thread")
    first, second = (
        each.get_attribute("id")
        for each in page.locator("#thread .msg:not(.mine)").all()
    )
    assert first and second
    expect(marks).to_have_attribute("data-upto", first.removeprefix("message-"))
    expect(budi.page.locator(f"#thread [id={first}]")).to_contain_text("dibaca")
    expect(budi.page.locator(f"#thread [id={second}]")).to_contain_text("terkirim")

    page.get_by_role("link", name="Pesan baru ↓").click()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.locator("#akhir").evaluate("e => e.scrollIntoView({block: 'end'})")
    expect(budi.page.locator(f"#thread [id={second}]")).to_contain_text("dibaca")


def test_a_window_without_the_focus_reads_nothing(
    service: Service, someone: Callable[..., Person]
):
    siti, budi = someone(), someone()
    number = begin(siti, budi)
    siti.page.add_init_script(UNFOCUS)
    siti.visit(f"/konsultasi/{number}")
    sent = reads_of(siti.page)

    answer(budi, "Tahun berapa?")

    siti.sees("Tahun berapa?")
    expect(siti.page).to_have_title(re.compile(r"^\(1\) "))
    assert not sent
    entry = siti.page.locator("#thread .msg:not(.mine)").last
    siti.page.evaluate("window.isFocused = true; dispatchEvent(new Event('focus'))")
    expect(budi.page.locator("#thread .msg.mine").last).to_contain_text("dibaca")
    expect(siti.page).to_have_title(re.compile(r"^(?!\(1\))"))
    seen_ms = entry.evaluate("entry => entry.seenMs")
    assert seen_ms >= 1500


def test_a_hidden_tab_asks_slowly_and_counts_in_its_title(
    service: Service, someone: Callable[..., Person]
):
    siti, budi = someone(), someone()
    begin(siti, budi)
    siti.page.clock.install()
    siti.page.reload()
    polls: list[str] = []
    siti.page.evaluate(HIDE)
    siti.page.on(
        "request",
        lambda r: (
            r.url.endswith("/pesan") and polls.append(r.headers.get("pst-away", ""))
        ),
    )
    answer(budi, "Tahun berapa?")

    siti.page.clock.run_for(50_000)
    assert polls == []
    siti.page.clock.run_for(20_000)

    expect(siti.page).to_have_title(re.compile(r"^\(1\) "))
    assert polls == ["1"]


def test_a_page_opens_at_its_end_and_offers_the_way_back_to_it(
    service: Service, someone: Callable[..., Person]
):
    siti, budi = someone("phone"), someone()
    begin(siti, budi)
    answer(budi, LONG)
    answer(budi, "Yang terbaru.")
    page = siti.page
    page.reload()
    expect(page.get_by_text("Belum dibaca")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Kirim")).to_be_in_viewport()
    page.evaluate(
        "fetch(document.querySelector('#thread').dataset.read, {method: 'POST',"
        "body: new URLSearchParams({upto: 99,"
        "csrf_token: document.querySelector('[name=csrf_token]').value})})"
    )
    wait_until(
        lambda: page.reload() and not page.get_by_text("Belum dibaca").count(), "read"
    )

    expect(page.get_by_text("Yang terbaru.")).to_be_in_viewport()
    expect(page.locator("[data-jump]")).to_be_hidden()
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("link", name="Ke pesan terbaru ↓").click()

    expect(page.get_by_text("Yang terbaru.")).to_be_in_viewport()
    expect(page.locator("[data-jump]")).to_be_hidden()


def test_who_looks_at_the_end_sees_all_that_comes(
    service: Service, someone: Callable[..., Person]
):
    siti, budi = someone("phone"), someone()
    siti.log_in("siti")
    ask(siti)
    siti.sees_title(SUBJECT)
    siti.page.reload()
    number = re.search(r"KS-\d{4}-\d{6}", siti.page.url)
    assert number
    budi.log_in("budi").visit(f"/petugas/konsultasi/{number[0]}")
    budi.press("Ambil")
    for text in ("Tahun berapa?", "Baik.\nKami cari."):
        answer(budi, text)
        last = siti.page.locator("#thread .msg").last
        expect(last).to_contain_text(text.splitlines()[-1])
        composer = siti.page.locator("#composer")
        wait_until(
            lambda last=last, composer=composer: (
                bottom_of(last) <= composer.evaluate(TOP)
            ),
            "the end of what came stands above the composer",
        )
        expect(budi.page.locator("#thread .msg.mine").last).to_contain_text("dibaca")


def test_a_closed_conversation_that_is_opened_again_goes_on_where_it_is_read(
    someone: Callable[..., Person],
):
    siti, budi = someone("phone"), someone()
    number = begin(siti, budi)
    answer(budi, "31.000 jiwa.")
    siti.visit(f"/konsultasi/{number}")
    budi.press("Tutup konsultasi")
    siti.sees("Seberapa puas Anda")

    budi.press("Buka kembali")
    expect(budi.page.locator("#composer")).to_be_visible()
    answer(budi, "Ralat: 33.000 jiwa.")
    siti.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    siti.sees("Ralat: 33.000 jiwa.")
    expect(siti.page.get_by_text("Seberapa puas Anda")).to_be_hidden()
    answer(budi, "Lihat juga tabel 3.")
    siti.sees("Lihat juga tabel 3.")
