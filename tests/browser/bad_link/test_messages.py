"""Messages on a link that drops: nothing lost, nothing twice, and the page says so."""

from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.browser.conftest import Person
from tests.browser.steps import SUBJECT, ask, forgive, send, stored
from tests.processes import Service, wait_until

Someone = Callable[..., Person]


def test_a_message_sent_without_a_link_arrives_when_it_is_back(siti: Person):
    siti.page.context.set_offline(True)
    send(siti, "Tahun 2020 sampai 2025.")
    siti.sees("belum terkirim")
    expect(siti.page.get_by_role("button", name="Coba lagi")).to_be_visible()

    siti.page.context.set_offline(False)

    stored(siti, "Tahun 2020 sampai 2025.")
    forgive(siti)


def test_a_link_that_is_back_while_a_sending_fails_is_used_soon(siti: Person):
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if route.request.method == "POST" and not held:
            held.append(route)
        else:
            route.continue_()

    siti.page.route("**/pesan", hold_the_first)
    composer = siti.page.locator("#composer")
    composer.evaluate("form => { form.failures = 6; }")  # more than a minute's pause
    send(siti, "Tahun 2020 sampai 2025.")
    wait_until(lambda: siti.page.wait_for_timeout(50) or held, "the sending")

    siti.page.evaluate("dispatchEvent(new Event('online'))")
    held[0].abort()

    stored(siti, "Tahun 2020 sampai 2025.")
    forgive(siti)


def test_a_dropped_answer_does_not_send_twice(siti: Person):
    lost = []

    def store_then_drop(route: Route) -> None:
        if len(lost) >= 2:
            route.continue_()
            return
        if route.request.method == "POST":
            lost.append(route.fetch().status)  # the server has it …
        route.abort()  # … but no one hears of it, nor by asking what is new

    siti.page.route("**/pesan", store_then_drop)
    send(siti, "Hanya sekali, ya.")

    stored(siti, "Hanya sekali, ya.")
    assert lost == [204, 204]
    forgive(siti)


def test_a_restarted_server_costs_nothing(siti: Person, service: Service):
    service.kill("web")
    send(siti, "Server sedang mati.")
    siti.sees("belum terkirim")

    service.start("web")

    stored(siti, "Server sedang mati.")
    forgive(siti)


def test_a_waiting_message_survives_a_closed_tab(siti: Person):
    address = siti.page.url
    siti.page.context.set_offline(True)
    send(siti, "Ditutup sebelum terkirim.")
    siti.sees("belum terkirim")
    context = siti.page.context
    siti.page.close()
    context.set_offline(False)

    siti.page = context.new_page()
    siti.visit(address)

    stored(siti, "Ditutup sebelum terkirim.")
    forgive(siti)


def test_what_is_typed_survives_a_reload(siti: Person):
    siti.fill("Pesan", "Belum selesai mengetik")
    siti.page.reload()

    expect(siti.page.get_by_label("Pesan", exact=True)).to_have_value(
        "Belum selesai mengetik"
    )
    siti.sees("dipulihkan")


def test_a_log_in_that_ran_out_loses_nothing(siti: Person, service: Service):
    address = siti.page.url
    cookies = siti.page.context.cookies()
    siti.page.context.clear_cookies()
    send(siti, "Sesi saya sudah habis.")
    siti.sees("Sesi Anda berakhir")
    assert cookies

    siti.log_in("siti")
    siti.visit(address)

    stored(siti, "Sesi saya sudah habis.")
    forgive(siti)


def test_the_first_request_too_is_filed_once(someone: Someone):
    siti = someone("phone").log_in("siti")
    lost = []

    def store_then_drop(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    siti.page.route("**/konsultasi/baru?*", store_then_drop)
    ask(siti)

    siti.sees("urutan ke-1")
    siti.visit("/konsultasi")
    expect(siti.page.locator("li[id^=consultation-]")).to_have_count(1)
    assert lost == [204]
    forgive(siti)


def test_the_officers_answer_too_is_sent_once(siti: Person, someone: Someone):
    budi = someone().log_in("budi")
    budi.follow(SUBJECT)
    budi.press("Ambil")
    expect(budi.page.locator("#composer")).to_be_visible()
    budi.page.context.set_offline(True)
    budi.fill("Pesan", "Datanya ada di publikasi.")
    budi.send("Pengguna")
    budi.sees("belum terkirim")

    budi.page.context.set_offline(False)

    stored(budi, "Datanya ada di publikasi.")
    siti.sees("Datanya ada di publikasi.")
    forgive(budi)


def test_it_works_at_fifty_kilobits_with_a_second_of_delay(siti: Person):
    link = siti.page.context.new_cdp_session(siti.page)
    link.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 1000,
            "downloadThroughput": 50_000 / 8,
            "uploadThroughput": 50_000 / 8,
        },
    )
    send(siti, "Dari lembah.")
    siti.sees("mengirim")

    stored(siti, "Dari lembah.")


def test_every_waiting_message_stays_on_the_screen(siti: Person):
    texts = ["Yang pertama.", "Yang kedua.", "Yang ketiga."]
    pending = siti.page.locator("#thread li.pending")
    siti.page.context.set_offline(True)
    for text in texts:
        send(siti, text)
    expect(pending.locator(".text")).to_have_text(texts)
    expect(pending.get_by_text("belum terkirim")).to_have_count(3)
    siti.page.context.set_offline(False)

    for text in texts:
        stored(siti, text)
    forgive(siti)
