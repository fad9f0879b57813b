"""A page where nothing happens asks ever less often, and at once on a sign of life."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Request

from tests.browser.conftest import Person
from tests.browser.steps import ask
from tests.processes import wait_until

MAX_POLLS_OF_A_MINUTE, MAX_POLLS_OF_TEN = 13, 32
# What goes up, as Chromium counts a request's line and headers on HTTP/1.1.
MAX_BYTES_OF_A_MINUTE, MAX_BYTES_LATER = 14 * 1024, 3 * 1024


@pytest.fixture
def data(prepared: Path) -> Path:
    """An office that lets pages ask as often as every office does at first."""
    return prepared


@pytest.fixture
def polls(someone: Callable[..., Person]) -> tuple[Person, list[Request]]:
    """Siti in her conversation with a clock that only we move, and what it asks."""
    siti = someone("phone").log_in("siti")
    ask(siti)
    siti.sees("urutan ke-1")
    asked: list[Request] = []
    siti.page.clock.install()
    siti.page.reload()

    def note(request: Request) -> None:
        if request.url.endswith("/pesan"):
            asked.append(request)

    siti.page.on("request", note)
    return siti, asked


def let_pass(siti: Person, seconds: int, asked: list[Request]) -> None:
    """Move the clock second by second; each poll is answered before it goes on."""
    for _ in range(seconds):
        siti.page.clock.run_for(1_000)
        siti.page.evaluate("fetch('/robots.txt').then(() => 0)")
        if asked:
            asked[-1].response()
            # Its answer has reached the script, too.
            siti.page.evaluate("fetch('/robots.txt').then(() => 0)")


def bytes_up(polls: list[Request]) -> int:
    sizes = [poll.sizes() for poll in polls]
    return sum(each["requestHeadersSize"] + each["requestBodySize"] for each in sizes)


def test_the_pause_grows_and_a_sign_of_life_ends_it(
    polls: tuple[Person, list[Request]],
) -> None:
    siti, asked = polls
    let_pass(siti, 60, asked)
    assert 8 <= len(asked) <= MAX_POLLS_OF_A_MINUTE
    assert bytes_up(asked) <= MAX_BYTES_OF_A_MINUTE

    let_pass(siti, 300, asked)
    assert len(asked) <= MAX_POLLS_OF_TEN
    quiet = len(asked)
    let_pass(siti, 60, asked)
    assert bytes_up(asked[quiet:]) <= MAX_BYTES_LATER
    quiet = len(asked)
    siti.page.mouse.wheel(0, 200)
    siti.page.keyboard.press("Shift")

    wait_until(lambda: siti.page.wait_for_timeout(50) or len(asked) > quiet, "a poll")
