"""How often someone may guess, or ask for mails: strangers limit only themselves.

Each guess is counted before it is looked at, for an account *from one network*, so that
a person who guesses at an account only delays themself. Guesses from many networks are
counted for the account as a whole, and one network's for all accounts; neither stops a
browser that has logged in to the account before, or a mailed link to a new password.
"""

from collections.abc import Callable
from typing import Any, cast

from flask import Flask, current_app, request
from flask_login import current_user
from limits import RateLimitItem, parse, parse_many
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from pst import background, clock, networks
from pst.accounts.log_in.known_browsers import mark_of, name_of

# Guesses at one account from one network, from one known browser, or in one log-in.
PER_GUESSER = parse_many("5/minute; 10/15 minutes; 20/hour; 40/day")
# The same from all the IPv6 networks of one site.
PER_SITE = parse_many("10/minute; 20/15 minutes; 40/hour; 80/day")
# Guesses at one account from everywhere it is not known.
PER_ACCOUNT = parse_many("60/15 minutes; 200/day")
# Guesses from one network at any account; an office shares one address.
PER_NETWORK = parse_many("300/15 minutes; 2000/day")
# Mails asked for, to one address from one network or known browser; and, from one
# network, accounts made and mails asked for to any address.
MAILS = parse_many("5/15 minutes; 20/day")
MAILS_PER_NETWORK = parse_many("60/15 minutes; 300/day")
TOO_OFTEN = "Terlalu banyak percobaan. Coba lagi nanti."
AN_HOUR = parse("1000000000/hour")
Counter = tuple[list[RateLimitItem], tuple[str, ...]]


class Guesses:
    """Counts of guesses, in Redis; in memory when Redis is away."""

    def __init__(self, app: Flask) -> None:
        self.enabled = app.config["RATELIMIT_ENABLED"]
        self.spare = FixedWindowRateLimiter(MemoryStorage())
        url = app.config["RATELIMIT_STORAGE_URI"]
        self.shared = self.spare
        if url != "memory://":
            storage = cast(Storage, storage_from_string(url, **background.options()))
            self.shared = FixedWindowRateLimiter(storage)

    def take(self, counters: list[Counter]) -> int:
        """Count one guess; return for how many seconds there is none left, or 0.

        Of many at the same moment no more are taken than there are left.
        """
        if not self.enabled:
            return 0
        return int(self._ask(lambda limiter: _take(limiter, counters)))

    def peek(self, counters: list[Counter]) -> int:
        """Return for how many seconds there is none left, or 0; count nothing."""
        if not self.enabled:
            return 0
        return int(self._ask(lambda limiter: _wait_s(limiter, counters)))

    def give_back(self, counters: list[Counter]) -> None:
        """Take a guess that was right out of the counts; forget the wrong ones before.

        The first counter is the guesser's own.
        """
        if self.enabled:
            self._ask(lambda limiter: _give_back(limiter, counters))

    def tally(self, *keys: str) -> None:
        """Count one of something that has no limit."""
        self._ask(lambda limiter: limiter.hit(AN_HOUR, *keys))

    def tallied(self, *keys: str) -> int:
        """Return how many were counted within the hour."""
        window = self._ask(lambda limiter: limiter.get_window_stats(AN_HOUR, *keys))
        return AN_HOUR.amount - window.remaining

    def _ask(self, question: Callable[[FixedWindowRateLimiter], Any]) -> Any:
        """Return what the counts in Redis say; when it is away, those in memory."""
        try:
            return question(self.shared)
        except (RedisError, OSError):
            return question(self.spare)


def _take(limiter: FixedWindowRateLimiter, counters: list[Counter]) -> int:
    if wait_s := _wait_s(limiter, counters):
        return wait_s
    hits: list[Counter] = []
    for items, keys in counters:
        for item in items:
            hits.append(([item], keys))
            # Stop at the first limit that others have reached in the same moment:
            # counting on would use up the wider limits of those within this one.
            if not limiter.hit(item, *keys):
                _count(limiter, hits, -1)
                return max(1, _wait_s(limiter, counters))
    return 0


def _give_back(limiter: FixedWindowRateLimiter, counters: list[Counter]) -> int:
    for item in counters[0][0]:
        limiter.clear(item, *counters[0][1])
    _count(limiter, counters[1:], -1)
    return 0


def _count(limiter: FixedWindowRateLimiter, counters: list[Counter], cost: int) -> None:
    """Add `cost` to each count."""
    for items, keys in counters:
        for item in items:
            limiter.hit(item, *keys, cost=cost)


def _wait_s(limiter: FixedWindowRateLimiter, counters: list[Counter]) -> int:
    now_s = clock.now().timestamp()
    waits = [
        limiter.get_window_stats(item, *keys).reset_time - now_s
        for items, keys in counters
        for item in items
        if not limiter.test(item, *keys)
    ]
    return max(1, int(max(waits))) if waits else 0


def init_app(app: Flask) -> None:
    app.extensions["guesses"] = Guesses(app)


def guesses() -> Guesses:
    """Return the counts of this application."""
    return current_app.extensions["guesses"]


def counters_for(kind: str, email: str) -> list[Counter]:
    """Return what a guess of `kind` at the account of `email` counts in.

    Each kind by itself: wrong codes do not stop a right password.
    """
    account = name_of(email)
    if mark := mark_of(email):
        return [(PER_GUESSER, ("known", kind, account, mark))]
    own = [
        (limits, ("guesser", kind, account, network))
        for limits, network in zip((PER_GUESSER, PER_SITE), here(), strict=False)
    ]
    every = [(PER_NETWORK, ("network", kind, network)) for network in here()]
    return [*own, (PER_ACCOUNT, ("account", kind, account)), *every]


def counters_in(kind: str, log_in_id: int) -> list[Counter]:
    """Return what a guess of `kind` by a signed-in person counts in: that log-in's."""
    return [(PER_GUESSER, ("log-in", kind, str(log_in_id)))]


def ask_mail(kind: str, email: str) -> int:
    """Count that a mail is asked for; return how many seconds to wait, or 0.

    Each kind by itself, and only what would send one: who is refused a password five
    times can still register, and ask for a link. The same for every address.
    """
    account = name_of(email)
    if mark := mark_of(email):
        return guesses().take([(MAILS, ("mail", kind, account, mark))])
    own = [(MAILS, ("mail", kind, account, network)) for network in here()]
    every = [(MAILS_PER_NETWORK, ("mails", network)) for network in here()]
    return guesses().take([*own, *every])


def here() -> tuple[str, ...]:
    """Return the networks that this request counts for, narrowest first."""
    return networks.networks_of(request.remote_addr or "")


def by_visitor() -> str:
    """Return the key of the user or the stranger's network, to count requests by."""
    if current_user.is_authenticated:
        return f"person:{current_user.get_id()}"
    return f"network:{here()[-1]}"
