"""How many guesses and mails a stranger has: in a moment, an hour, a day."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from pst import clock
from pst.accounts.log_in import throttling
from pst.accounts.log_in.throttling import ask_mail, counters_for, counters_in, guesses

BEGIN = "2026-03-02 09:00+07:00"


@pytest.fixture
def at() -> Iterator[Callable[..., None]]:
    """Move the clock with no moment of today between, in which the counts would end."""
    with time_machine.travel(BEGIN, tick=False) as travel:
        yield travel.move_to


@pytest.fixture
def strict(app: Flask, at) -> Flask:
    """An application that counts, as in service."""
    app.extensions["guesses"].enabled = True
    return app


@contextmanager
def seen_from(app: Flask, network: str) -> Iterator[None]:
    with app.test_request_context(environ_base={"REMOTE_ADDR": network}):
        yield


def let_through(take: Callable[[], int], at, minutes: range) -> list[int]:
    """Try each of these minutes until it is refused; count those let through."""
    begin, counts = clock.now(), []
    for minute in minutes:
        at(begin + timedelta(minutes=minute))
        tries = iter(take, None)
        counts.append(next(n for n, wait_s in enumerate(tries) if wait_s))
    return counts


def guess(kind: str = "password", email: str = "siti@contoh.test") -> int:
    return guesses().take(counters_for(kind, email))


def test_how_many_wrong_guesses_one_network_has_at_an_account(strict, at):
    with seen_from(strict, "192.0.2.1"):
        in_the_first_hour = let_through(guess, at, range(60))
        assert in_the_first_hour[0] == 5
        assert sum(in_the_first_hour[:15]) == 10
        assert sum(in_the_first_hour) == 20

        at("2026-03-02 10:00+07:00")
        assert sum(let_through(guess, at, range(0, 22 * 60, 10))) == 20, "40 in a day"
        at("2026-03-03 09:00+07:00")
        assert guess() == 0


def test_how_many_the_networks_of_one_site_have_together(strict, at):
    houses = iter(f"2001:db8:5:{n:x}::1" for n in range(9_999))

    def from_another_house() -> int:
        with seen_from(strict, next(houses)):
            return guess()

    with strict.app_context():
        counts = let_through(from_another_house, at, range(60))
        assert (counts[0], sum(counts[:15]), sum(counts)) == (10, 20, 40)
        at("2026-03-02 10:00+07:00")
        rest = let_through(from_another_house, at, range(0, 22 * 60, 10))
        assert sum(rest) == 40


@pytest.mark.parametrize(
    ("quarter", "day", "own_network", "own_account"),
    [(60, 200, True, False), (300, 2000, False, True)],
)
def test_how_many_an_account_takes_and_a_network_has(
    strict, at, quarter, day, own_network, own_account
):
    """From ever other networks at one account; from one network at ever others."""
    numbers = iter(range(9_999))

    def another() -> int:
        n = next(numbers)
        network = f"10.0.{n // 250}.{n % 250}" if own_network else "192.0.2.1"
        email = f"{n}@contoh.test" if own_account else "siti@contoh.test"
        with seen_from(strict, network):
            return guess(email=email)

    counts = let_through(another, at, range(0, 23 * 60, 15))
    assert (counts[0], sum(counts)) == (quarter, day)


def test_each_kind_of_guess_and_each_log_in_is_counted_by_itself(strict, at):
    with seen_from(strict, "192.0.2.1"):
        for _ in range(5):
            assert guess() == 0
        assert guess() and not guess("second step")
    for n in range(55):  # from as many more as an account takes from everywhere
        with seen_from(strict, f"10.0.0.{n}"):
            assert guess() == 0
    with seen_from(strict, "192.0.2.2"):
        assert guess() and not guess("second step")
    with seen_from(strict, "192.0.2.1"):
        for _ in range(5):
            assert guesses().take(counters_in("confirmation", 1)) == 0
        assert guesses().take(counters_in("confirmation", 1))
        assert not guesses().take(counters_in("confirmation", 2))
        assert not guesses().take(counters_in("password change", 1))


def test_how_many_mails_one_network_asks_for(strict, at):
    """To one address five in a quarter of an hour, twenty a day; sixty to all."""
    with seen_from(strict, "192.0.2.1"):
        counts = let_through(
            lambda: ask_mail("new_password", "siti@contoh.test"),
            at,
            range(0, 23 * 60, 15),
        )
        assert (counts[0], sum(counts)) == (5, 20)
        assert ask_mail("verification", "siti@contoh.test") == 0

    numbers = iter(range(9_999))
    with seen_from(strict, "192.0.2.2"):
        counts = let_through(
            lambda: ask_mail("registration", f"{next(numbers)}@contoh.test"),
            at,
            range(0, 23 * 60, 15),
        )
        assert (counts[0], sum(counts)) == (60, 300)


def test_who_must_wait_learns_for_how_long(strict, at):
    with seen_from(strict, "192.0.2.1"):
        for _ in range(5):
            guess()
        at("2026-03-02 09:00:20+07:00")
        assert guess() == 40
        assert guesses().peek(counters_for("password", "siti@contoh.test")) == 40
        at("2026-03-02 09:00:59.500+07:00")
        assert guess() == 1, "never no time at all"
        assert guesses().peek(counters_for("password", "siti@contoh.test")) == 1
        at("2026-03-02 09:01+07:00")
        for _ in range(5):
            assert guess() == 0
        assert guess() == 14 * 60, "the longest of the waits"


def test_looking_at_the_count_counts_nothing(strict, at):
    with seen_from(strict, "192.0.2.1"):
        counters = counters_for("password", "siti@contoh.test")
        for _ in range(9):
            assert guesses().peek(counters) == 0
        assert [bool(guess()) for _ in range(6)] == [False] * 5 + [True]


def test_a_right_guess_forgets_ones_own_wrong_ones_and_no_one_elses(strict, at):
    counters = {}
    for network in ("192.0.2.1", "192.0.2.2"):
        with seen_from(strict, network):
            counters[network] = counters_for("password", "siti@contoh.test")
            for _ in range(5):
                assert guess() == 0

    with seen_from(strict, "192.0.2.1"):
        guesses().give_back(counters["192.0.2.1"])
        assert [bool(guess()) for _ in range(6)] == [False] * 5 + [True]
    with seen_from(strict, "192.0.2.2"):
        assert guess(), "the other network waits on"


def test_a_right_guess_counts_nothing_for_the_account_or_the_network(strict, at):
    """However often an office logs in, its network and accounts are not used up."""
    with seen_from(strict, "192.0.2.1"):
        counters = counters_for("password", "siti@contoh.test")
        for _ in range(301):
            assert guesses().take(counters) == 0
            guesses().give_back(counters)


def test_where_nothing_is_limited_nothing_is_counted(strict, at):
    strict.extensions["guesses"].enabled = False
    with seen_from(strict, "192.0.2.1"):
        assert [guess() for _ in range(9)] == [0] * 9
        strict.extensions["guesses"].enabled = True
        assert [bool(guess()) for _ in range(6)] == [False] * 5 + [True]


def test_what_has_no_limit_is_counted_for_an_hour(strict, at):
    with strict.app_context():
        for _ in range(3):
            guesses().tally("refused", "403")
        assert guesses().tallied("refused", "403") == 3
        assert guesses().tallied("refused", "404") == 0
        at("2026-03-02 09:59:59+07:00")
        assert guesses().tallied("refused", "403") == 3
        at("2026-03-02 10:00+07:00")
        assert guesses().tallied("refused", "403") == 0


def test_the_rest_of_a_wait_is_never_nothing(strict, at, monkeypatch):
    """Others may use up the last place between looking and counting."""
    limiter = guesses_of(strict).shared
    hit = limiter.hit

    def last_place_is_gone(item, *keys, cost=1):
        at("2026-03-02 09:01+07:00")  # and its time is over in the same moment
        return cost < 0 and hit(item, *keys, cost=cost)

    monkeypatch.setattr(limiter, "hit", last_place_is_gone)
    with seen_from(strict, "192.0.2.1"):
        assert guess() == 1


def guesses_of(app: Flask) -> throttling.Guesses:
    return app.extensions["guesses"]
