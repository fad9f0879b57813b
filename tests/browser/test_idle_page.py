"""A page where nothing happens asks ever less often, and at once on a sign of life."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import Person
from tests.browser.steps import ask
from tests.processes import wait_until

MAX_POLLS_OF_A_MINUTE, MAX_POLLS_OF_TEN = 13, 32


@pytest.fixture
def data(prepared: Path) -> Path:
    """An office that lets pages ask as often as every office does at first."""
    return prepared


@pytest.fixture
def polls(someone: Callable[..., Person]) -> tuple[Person, list[str]]:
    """Siti in her conversation with a clock that only we move, and what it asks."""
    siti = someone("phone").log_in("siti")
    ask(siti)
    siti.sees("urutan ke-1")
    asked: list[str] = []
    siti.page.clock.install()
    siti.page.reload()

    def note(url: str) -> None:
        if url.endswith("/pesan"):
            asked.append(url)

    siti.page.on("requestfinished", lambda request: note(request.url))
    return siti, asked


def let_pass(siti: Person, seconds: int) -> None:
    """Move the clock second by second; each poll is answered before it goes on."""
    for _ in range(seconds):
        siti.page.clock.run_for(1_000)
        siti.page.evaluate("fetch('/robots.txt').then(() => 0)")


def test_the_pause_grows_and_a_sign_of_life_ends_it(
    polls: tuple[Person, list[str]],
) -> None:
    siti, asked = polls
    let_pass(siti, 60)
    assert 8 <= len(asked) <= MAX_POLLS_OF_A_MINUTE

    let_pass(siti, 300)
    assert len(asked) <= MAX_POLLS_OF_TEN
    quiet = len(asked)
    siti.page.mouse.wheel(0, 200)
    siti.page.keyboard.press("Shift")

    wait_until(lambda: siti.page.wait_for_timeout(50) or len(asked) > quiet, "a poll")
