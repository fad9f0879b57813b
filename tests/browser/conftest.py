"""People with a real Chromium before the real processes."""

import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    Keyboard,
    Locator,
    Page,
    expect,
    sync_playwright,
)

from tests.people import PASSWORD, email_of
from tests.processes import PATIENCE_S, ROOT, Service, wait_until
from tests.served import data, post_office, prepared, service, workers

SIZES = {
    "phone": {"width": 360, "height": 740},
    "desktop": {"width": 1366, "height": 768},
}
PUNCTUATION = re.compile(r"[.?()*+]")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PICTURES = ROOT / "build" / "pictures"
__all__ = ["data", "post_office", "prepared", "service", "workers"]  # fixtures
FAILED = pytest.StashKey[bool]()
expect.set_options(timeout=PATIENCE_S * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Let the fixtures know whether the test failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


class Person:
    """Someone who sees only what stands on the screen."""

    def __init__(self, page: Page, url: str, has_script: bool) -> None:
        self.page = page
        self.url = url
        self.has_script = has_script
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)

    def _listen(self, message: object) -> None:
        if message.type == "error":  # type: ignore[attr-defined]
            self.complaints.append(message.text)  # type: ignore[attr-defined]

    def visit(self, path: str) -> "Person":
        self.page.goto(path if path.startswith("http") else self.url + path)
        return self

    def log_in(self, name: str, password: str = PASSWORD) -> "Person":
        return self.visit("/masuk").log_in_here(name, password)

    def log_in_here(self, name: str, password: str = PASSWORD) -> "Person":
        """Fill in the log-in page that stands before what was asked for."""
        self.fill("Email", email_of(name) if "@" not in name else name)
        self.fill("Kata sandi", password)
        self.press("Masuk")
        expect(self.page.get_by_role("heading", level=1)).not_to_have_text("Masuk")
        return self

    def fill(self, label: str, text: str) -> None:
        self._field(label).fill(text)

    def choose(self, label: str, option: str) -> None:
        self._field(label).select_option(label=option)

    def tick(self, label: str) -> None:
        self._field(label).check()

    def send(self, then: str, closes: bool = False) -> None:
        """Send an answer, and say who acts next."""
        self.tick(then)
        if closes:
            self.tick("Tutup konsultasi bila selesai")
        self.press("Kirim")

    def _field(self, label: str) -> Locator:
        """Find the field by how its label begins, as far as it can be seen."""
        start = PUNCTUATION.sub(r"\\\g<0>", label)
        found = self.page.get_by_label(re.compile(rf"^\s*{start}"))
        fields = self.page.locator("input, select, textarea").and_(found)
        return fields.filter(visible=True).first

    def press(self, name: str) -> None:
        self._go(self._first("button", name))

    def follow(self, name: str) -> None:
        self._go(self._first("link", name))

    def _go(self, part: Locator) -> None:
        """Click it. Without scripts each leads to a page, which says some things once:
        no one may load it again before it has been there.
        """
        if self.has_script:
            part.click()
            return
        with self.page.expect_navigation():
            part.click()

    @property
    def keys(self) -> Keyboard:
        """The keyboard, once the scripts of the page that has come listen to it."""
        self.page.wait_for_load_state()
        return self.page.keyboard

    def leave(self) -> None:
        """Leave the page, as before the clock moves by more than a log-in lasts."""
        self.page.goto("about:blank")

    def shows(self, role: str, name: str) -> bool:
        """Return whether the page, as it is now, has such a button or link."""
        return self._first(role, name).is_visible()

    def open(self, summary: str) -> None:
        """Open the folded part of the page with this title, unless it is open."""
        part = self.page.locator("details").filter(
            has=self.page.locator("summary", has_text=summary)
        )
        if part.get_attribute("open") is None:
            part.locator("summary").click()

    def _first(self, role: str, name: str) -> Locator:
        words = PUNCTUATION.sub(r"\\\g<0>", name)
        whole = re.compile(rf"^(Belum dibaca:\s+)?{words}$")
        found = self.page.get_by_role(role, name=whole)  # type: ignore[arg-type]
        return found.filter(visible=True).first

    def sees(self, text: str) -> None:
        """Wait for `text`; without scripts, reload as the page itself would."""
        shown = self.page.get_by_text(text).filter(visible=True).first
        if self.has_script:
            shown.wait_for()  # looks twice as often as `expect`
            return
        if not shown.is_visible():
            wait_until(lambda: self.page.reload() and shown.is_visible(), text)

    def sees_title(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)


@pytest.fixture(scope="session")
def launched() -> Iterator[Callable[[str], Browser]]:
    """Launch a program once, and give each test a context of its own in it."""
    with sync_playwright() as playwright:

        @cache
        def launch(program: str) -> Browser:
            return playwright.chromium.launch(executable_path=program, args=FLAGS)

        yield launch


@pytest.fixture
def chromium(
    launched: Callable[[str], Browser], request: pytest.FixtureRequest
) -> Browser:
    """Chromium; where Debian has it, without the parts that only windows need.

    That needs half as much time for a page. A test of what it cannot show is marked.
    """
    program = os.environ.get("PST_CHROMIUM") or shutil.which("chromium")
    if request.node.get_closest_marker("whole_browser") is None:
        program = shutil.which("chromium-headless-shell") or program
    if not program:
        if os.environ.get("CI") == "true":
            pytest.fail("no chromium, and in CI the browser tests must run")
        pytest.skip("no chromium: apt-get install chromium")
    return launched(program)


@pytest.fixture
def someone(
    chromium: Browser, service: Service, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Person]]:
    """Seat someone before a screen: `someone("phone", script=False)`."""
    seated: list[Person] = []

    def seat(
        size: str = "desktop", script: bool = True, zone: str = "Asia/Jakarta"
    ) -> Person:
        context = chromium.new_context(
            viewport=SIZES[size],  # type: ignore[arg-type]
            java_script_enabled=script,
            has_touch=size == "phone",
            locale="id-ID",
            timezone_id=zone,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_S * 1000)
        person = Person(context.new_page(), service.url, script)
        seated.append(person)
        return person

    yield seat
    has_failed = request.node.stash.get(FAILED, True)
    for number, person in enumerate(seated):
        if has_failed:  # leave behind what each of them saw
            picture = PICTURES / f"{request.node.name}-{number}.png"
            PICTURES.mkdir(parents=True, exist_ok=True)
            person.page.screenshot(path=picture, full_page=True)
            print(f"{person.page.url}: {picture}; {person.complaints}")
        person.page.context.close()
    if not has_failed:
        complaints = [text for person in seated for text in person.complaints]
        assert not complaints, complaints
