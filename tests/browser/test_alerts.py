"""What an officer hears and sees of news on any page: sound, notification, one poll."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Person
from tests.browser.steps import SUBJECT, ask

Someone = Callable[..., Person]
PAGE = "/petugas/artikel"
# Records what would be heard and shown; the rest is the browser's own.
RECORDING = """
  window.rung = 0;
  window.shown = [];
  const Real = window.AudioContext;
  window.AudioContext = class extends Real {
    createOscillator() { window.rung += 1; return super.createOscillator(); }
  };
  const Notice = window.Notification;
  window.Notification = class extends Notice {
    constructor(title, options) { super(title, options); window.shown.push(this); }
  };
  let isHidden = false;
  let isFocused = true;
  Object.defineProperty(document, "hidden", { get: () => isHidden });
  document.hasFocus = () => isFocused;
  window.hide = (value) => {
    isHidden = value;
    isFocused = !value;
    document.dispatchEvent(new Event("visibilitychange"));
  };
"""
POLL = "document.querySelector('[data-poll]').dispatchEvent(new Event('poll'))"


@pytest.fixture
def budi(someone: Someone) -> Person:
    budi = someone().log_in("budi")
    budi.page.context.add_init_script(RECORDING)
    return budi


def wish(person: Person, label: str) -> None:
    person.open("Pemberitahuan")
    person.page.get_by_label(label).check()


def news(person: Person, someone: Someone, count: int = 1) -> None:
    """A request is filed; the page asks whether there is anything new."""
    siti = someone("phone").log_in("siti")
    ask(siti)
    siti.sees_title(SUBJECT)
    hear(person.page, count)


def hear(page: Page, count: int) -> None:
    page.evaluate(POLL)
    expect(page.locator("[data-waiting] b")).to_have_text(str(count))
    expect(page).to_have_title(re.compile(rf"^\({count}\) "))


def rung(person: Person) -> int:
    return person.page.evaluate("window.rung")


def notices(person: Person) -> list[str]:
    return person.page.evaluate("window.shown.map((each) => each.title)")


def test_a_sound_is_heard_when_it_is_wished_for(budi: Person, someone: Someone):
    budi.visit(PAGE)
    wish(budi, "Bunyi bila ada yang baru")
    assert rung(budi) == 1, "once to try"
    budi.page.reload()
    budi.open("Pemberitahuan")
    expect(budi.page.get_by_label("Bunyi bila ada yang baru")).to_be_checked()

    news(budi, someone)

    assert rung(budi) == 1
    assert not notices(budi)
    budi.page.evaluate(POLL)
    hear(budi.page, 1)
    assert rung(budi) == 1, "nothing new, nothing heard"


def test_without_a_wish_the_number_alone_changes(budi: Person, someone: Someone):
    budi.visit(PAGE)

    news(budi, someone)

    assert rung(budi) == 0
    assert not notices(budi)


@pytest.mark.whole_browser
def test_a_notification_leads_to_the_desk(budi: Person, someone: Someone):
    budi.page.context.grant_permissions(["notifications"])
    budi.visit(PAGE)
    wish(budi, "Pemberitahuan peramban")
    expect(budi.page.get_by_label("Pemberitahuan peramban")).to_be_checked()
    expect(budi.page.locator("[data-refused]")).to_be_hidden()
    budi.page.evaluate("hide(true)")

    news(budi, someone)

    assert notices(budi) == ["1 konsultasi menunggu"]
    assert rung(budi) == 0
    budi.page.evaluate("window.shown[0].onclick()")
    expect(budi.page).to_have_url(re.compile(r"/petugas$"))


@pytest.mark.whole_browser
def test_no_notification_while_one_looks_at_the_page(budi: Person, someone: Someone):
    budi.page.context.grant_permissions(["notifications"])
    budi.visit(PAGE)
    wish(budi, "Pemberitahuan peramban")

    news(budi, someone)

    assert not notices(budi)


@pytest.mark.whole_browser
def test_a_browser_that_refuses_says_so(budi: Person):
    budi.page.add_init_script(
        "Notification.requestPermission = async () => 'denied';"
        "Object.defineProperty(Notification, 'permission', { get: () => 'denied' });"
    )
    budi.visit(PAGE)
    budi.open("Pemberitahuan")
    box = budi.page.get_by_label("Pemberitahuan peramban")

    box.click()

    expect(budi.page.locator("[data-refused]")).to_be_visible()
    expect(box).not_to_be_checked()


def test_of_two_tabs_one_says_it(budi: Person, someone: Someone):
    budi.visit(PAGE)
    wish(budi, "Bunyi bila ada yang baru")
    other = budi.page.context.new_page()
    other.goto(f"{budi.url}/petugas/tindak-lanjut")

    news(budi, someone)
    hear(other, 1)

    heard = rung(budi) - 1 + other.evaluate("window.rung")
    assert heard == 1


@pytest.mark.parametrize("path", [PAGE, "/petugas", "/petugas/laporan"])
@pytest.mark.parametrize("is_wished", [True, False])
def test_a_hidden_tab_asks_by_its_one_poll_if_at_all(
    budi: Person, path: str, is_wished: bool
):
    budi.page.clock.install()
    budi.visit(path)
    if is_wished:
        wish(budi, "Bunyi bila ada yang baru")
    asked: list[str] = []
    budi.page.wait_for_load_state("networkidle")
    budi.page.on("request", lambda request: asked.append(request.url))
    budi.page.evaluate("hide(true)")

    for _ in range(5):
        budi.page.clock.run_for(54_000)
        budi.page.evaluate("fetch('/sehat').then(() => 0)")
    others = ("/sehat", ".svg")
    polls = [url for url in asked if not url.endswith(others)]

    assert budi.page.locator("[data-poll]").count() == 1
    assert len(set(polls)) == (1 if is_wished else 0), polls
    # Once a minute: a second poll would ask twice as often.
    assert (2 <= len(polls) <= 5) if is_wished else not polls, polls
    budi.complaints.clear()


def test_urgent_follow_ups_are_looked_at_again_on_the_return(budi: Person):
    budi.page.clock.install()
    budi.visit("/petugas")
    budi.page.wait_for_load_state("networkidle")
    budi.page.evaluate("hide(true)")
    budi.page.clock.run_for(61_000)

    with budi.page.expect_response("**/tindak-lanjut/mendesak"):
        budi.page.evaluate("hide(false)")
    with budi.page.expect_response("**/tindak-lanjut/mendesak"):
        budi.page.clock.run_for(121_000)
    budi.complaints.clear()  # the moved clock cut requests off
