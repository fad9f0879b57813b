"""Messages on a link that drops: nothing lost, nothing twice, and the page says so."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from tests.browser.conftest import Person
from tests.browser.steps import SUBJECT, ask, forgive, kept, send, stored
from tests.processes import Service, wait_until

Someone = Callable[..., Person]


@pytest.fixture
def siti(someone: Someone) -> Person:
    """Siti on her phone, in her conversation."""
    siti = someone("phone").log_in("siti")
    ask(siti)
    siti.sees("urutan ke-1")
    return siti


def test_a_message_sent_without_a_link_arrives_when_it_is_back(siti: Person):
    siti.page.context.set_offline(True)
    send(siti, "Tahun 2020 sampai 2025.")
    siti.sees("belum terkirim")
    expect(siti.page.get_by_role("button", name="Coba lagi")).to_be_visible()

    siti.page.context.set_offline(False)

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


def test_a_file_goes_up_and_its_picture_is_shown(siti: Person, tmp_path):
    picture = tmp_path / "peta.png"
    Image.effect_noise((300, 200), 50).save(picture)
    siti.page.locator("input[type=file]:not([capture])").set_input_files(picture)
    siti.sees("terunggah")
    send(siti, "Ini petanya.")

    stored(siti, "Ini petanya.")
    image = siti.page.get_by_alt_text("Pratinjau peta.png")
    wait_until(lambda: image.evaluate("i => i.naturalWidth"), "the preview")


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


def upload(person: Person, tmp_path) -> None:  # type: ignore[no-untyped-def]
    table = tmp_path / "tabel.csv"
    table.write_text("tahun,jumlah\n2025,31000\n")
    person.page.locator("input[type=file]:not([capture])").set_input_files(table)
    person.sees("terunggah")


def test_a_refused_message_keeps_its_file(siti: Person, tmp_path):
    upload(siti, tmp_path)
    send(siti, "x" * 10_001)
    siti.sees("Maksimal 10.000 karakter")
    expect(siti.page.locator(".uploads li")).to_contain_text("tabel.csv")

    send(siti, "Lebih pendek.")

    stored(siti, "Lebih pendek.")
    expect(siti.page.locator("#thread").get_by_text("tabel.csv")).to_be_visible()
    forgive(siti)


def test_an_uploaded_file_survives_a_reload(siti: Person, tmp_path):
    upload(siti, tmp_path)
    siti.fill("Pesan", "Ini tabelnya.")
    siti.page.reload()
    expect(siti.page.locator(".uploads li")).to_contain_text("tabel.csv")

    siti.press("Kirim")

    stored(siti, "Ini tabelnya.")
    expect(siti.page.locator("#thread").get_by_text("tabel.csv")).to_be_visible()
    expect(siti.page.locator(".uploads li")).to_have_count(0)


def test_a_file_that_had_not_gone_up_is_asked_for_again(siti: Person, tmp_path):
    table = tmp_path / "tabel.csv"
    table.write_text("tahun,jumlah\n2025,31000\n")
    siti.page.route("**/lampiran", lambda route: route.abort())
    siti.page.locator("input[type=file]:not([capture])").set_input_files(table)
    siti.sees("belum terunggah, mencoba lagi")

    siti.page.reload()

    siti.sees("belum terunggah; pilih lagi berkasnya")
    forgive(siti)


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
