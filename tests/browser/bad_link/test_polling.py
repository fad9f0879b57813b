"""How a page asks for news on a bad link, and what it shows until then."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Route, expect

from tests.browser.conftest import Person
from tests.browser.steps import ask, forgive, kept, send
from tests.processes import wait_until

Someone = Callable[..., Person]


def test_a_hidden_tab_does_not_poll(siti: Person):
    polls: list[str] = []
    siti.page.on("request", lambda r: "/pesan" in r.url and polls.append(r.url))
    hide = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
    tell = "document.dispatchEvent(new Event('visibilitychange'))"

    def polled_since(seen: int) -> bool:
        siti.page.wait_for_timeout(50)  # lets the browser's events through
        return len(polls) > seen

    wait_until(lambda: polled_since(0), "a poll")
    siti.page.evaluate(hide % "true" + tell)
    seen = len(polls)
    # Nothing can be waited for but that two lively intervals pass without a poll.
    siti.page.wait_for_timeout(2500)
    assert len(polls) <= seen + 1  # one may have been under way

    seen = len(polls)
    siti.page.evaluate(hide % "false" + tell)
    wait_until(lambda: polled_since(seen), "a poll at once")


def test_a_busy_server_is_asked_less_often(siti: Person):
    polls: list[str] = []

    def refuse(route: Route) -> None:
        polls.append(route.request.url)
        route.fulfill(status=503, headers={"Retry-After": "30"}, body="sibuk")

    siti.page.clock.install()
    siti.page.route("**/pesan", refuse)
    siti.page.reload()
    siti.page.clock.run_for(4_000)
    expect(siti.page.get_by_text("Sistem sedang sibuk")).to_be_visible()
    seen = len(polls)

    siti.page.clock.run_for(20_000)
    assert len(polls) == seen, "it asked before it was to"

    siti.page.clock.run_for(20_000)
    wait_until(lambda: siti.page.wait_for_timeout(50) or len(polls) > seen, "a poll")
    forgive(siti)


def test_a_message_sent_during_a_poll_is_shown_once(siti: Person):
    """The poll that waits behind another asks with the same mark as that one."""
    held: list[Route] = []
    answered: list[str] = []

    def hold_the_first(route: Route) -> None:
        if route.request.method == "GET" and not held:
            held.append(route)
        else:
            route.continue_()

    def polled(count: int) -> bool:
        siti.page.wait_for_timeout(50)  # lets the browser's events through
        return len(answered) >= count

    siti.page.route("**/pesan", hold_the_first)
    wait_until(lambda: siti.page.wait_for_timeout(50) or held, "a poll")
    siti.page.on(
        "requestfinished",
        lambda r: r.method == "GET" and "/pesan" in r.url and answered.append(r.url),
    )
    send(siti, "Cukup sekali.")
    siti.sees("Terkirim pukul")
    held[0].continue_()
    wait_until(lambda: polled(2), "the poll that was held, and the one behind it")
    wait_until(lambda: polled(3), "one more, when both are on the page")

    expect(kept(siti.page, "Cukup sekali.")).to_have_count(1)


def test_a_conversation_closed_elsewhere_takes_no_more_messages(siti: Person):
    siti.fill("Pesan", "Tunggu, satu lagi.")
    tab = siti.page.context.new_page()
    tab.goto(siti.page.url)
    tab.get_by_text("Batalkan permintaan", exact=True).click()
    tab.get_by_role("button", name="Ya, batalkan permintaan").click()

    siti.sees("pesan tidak dapat dikirim lagi")
    siti.sees("Dibatalkan")
    expect(siti.page.get_by_role("button", name="Kirim")).to_be_disabled()
    expect(siti.page.get_by_label("Pesan", exact=True)).to_have_value(
        "Tunggu, satu lagi."
    )


def test_an_ended_log_in_is_told_where_the_link_was_praised(siti: Person):
    number = siti.page.url.rpartition("/")[2].partition("#")[0]
    siti.sees("Terhubung")
    siti.page.context.clear_cookies()

    line = siti.page.locator("#heard")
    expect(line).to_contain_text("Sesi Anda berakhir")
    expect(line).not_to_contain_text("Terhubung")
    line.get_by_role("link").click()
    siti.log_in_here("siti")

    expect(siti.page).to_have_url(f"{siti.url}/konsultasi/{number}")
    forgive(siti)


def test_all_times_are_the_offices(someone: Someone):
    siti = someone("phone", zone="Asia/Jayapura").log_in("siti")
    ask(siti)
    zone = ZoneInfo("Asia/Jakarta")
    before = datetime.now(zone)
    siti.sees("diperbarui pukul")

    shown = siti.page.locator("#heard").inner_text()

    possible = {before, datetime.now(zone), before + timedelta(minutes=1)}
    assert any(f"pukul {at:%H.%M} WIB" in shown for at in possible), shown
