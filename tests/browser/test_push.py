"""Notices on a device, as far as a browser without its maker's service can show."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PICTURES, Person

pytestmark = pytest.mark.whole_browser
PAGE = "/akun/perangkat-pemberitahuan"
REGISTER = """async (path) => {
  await navigator.serviceWorker.register(path, { scope: "/" });
  await navigator.serviceWorker.ready;
}"""
# A browser without a desktop may forget at once what it has shown: its worker tells.
WATCH = """() => {
  const show = self.registration.showNotification.bind(self.registration);
  self.shown = new Promise((resolve) => {
    self.registration.showNotification = async (title, options) => {
      await show(title, options);
      resolve([title, options.body, options.data]);
    };
  });
}"""


def registration_of(person: Person) -> tuple[object, str]:
    """Return the browser's own line to its workers, and which one is ours."""
    line = person.page.context.new_cdp_session(person.page)
    found: list[str] = []
    line.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(
            each["registrationId"] for each in event["registrations"]
        ),
    )
    line.send("ServiceWorker.enable")
    person.page.wait_for_function("() => true")
    return line, found[0]


def test_a_notice_is_shown_and_says_nothing_of_the_answer(
    someone: Callable[..., Person],
):
    siti = someone("phone").log_in("siti").visit(PAGE)
    siti.page.context.grant_permissions(["notifications"], origin=siti.url)
    with siti.page.context.expect_event("serviceworker") as started:
        siti.page.evaluate(REGISTER, "/pekerja.js")
    worker = started.value
    worker.evaluate(WATCH)
    line, registration = registration_of(siti)
    notice = {
        "title": "Konsultasi Statistik",
        "body": "Ada jawaban untuk Anda.",
        "url": "/konsultasi/KS-2026-000001",
    }
    line.send(  # type: ignore[attr-defined]
        "ServiceWorker.deliverPushMessage",
        {
            "origin": siti.url,
            "registrationId": registration,
            "data": json.dumps(notice),
        },
    )

    assert worker.evaluate("() => self.shown") == list(notice.values())


def test_the_page_offers_what_the_browser_can_and_says_what_it_cannot(
    someone: Callable[..., Person],
):
    siti = someone("phone").log_in("siti").visit(PAGE)
    siti.page.context.grant_permissions(["notifications"], origin=siti.url)
    siti.page.reload()
    siti.page.screenshot(path=PICTURES / "push-phone.png", full_page=True)
    siti.press("Nyalakan di peramban ini")

    # Here no maker's service answers: the page says so, and nothing is stored.
    expect(siti.page.get_by_text("tidak dapat mendaftar")).to_be_visible()
    siti.visit(PAGE)
    expect(siti.page.get_by_text("Belum ada perangkat")).to_be_visible()
    siti.complaints.clear()


def test_without_scripts_the_page_says_that_mail_comes_all_the_same(
    someone: Callable[..., Person],
):
    siti = someone("desktop", script=False).log_in("siti").visit(PAGE)
    siti.page.screenshot(path=PICTURES / "push-desktop.png", full_page=True)

    expect(siti.page.get_by_text("Email tetap sampai")).to_be_visible()
    expect(siti.page.get_by_role("button", name="Nyalakan")).to_have_count(0)
