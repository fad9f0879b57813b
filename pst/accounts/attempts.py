"""How often somebody may guess: growing delays, and no lock-out by a stranger.

Wrong guesses are counted for an account *from one network*, so whoever guesses at
somebody's password only ever keeps themself waiting, longer with each guess. Guesses
spread over many networks are counted for the account as a whole, but a browser that
has signed in to it before is counted by itself: the owner gets in from there, and from
anywhere by a mailed link to a new password.
"""

import hmac
import ipaddress
import logging
import secrets
from typing import cast

from flask import Flask, current_app, request
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from pst import clock
from pst.fields import normal_email

log = logging.getLogger(__name__)
# Wrong guesses at one account from one network, or from one known browser.
PER_GUESSER = parse_many("5/minute; 10/15 minutes; 20/hour; 40/day")
# Wrong guesses at one account from all browsers that it does not know.
PER_ACCOUNT = parse_many("60/15 minutes; 200/day")
# Wrong guesses from one network at whatever account; an office shares one address.
PER_NETWORK = parse_many("60/15 minutes; 400/day")
# Mails that may be asked for, to one address from one network: by network too, since a
# stranger is not to use up the links that the owner may ask for.
MAILS = parse_many("5/15 minutes; 20/day")
PER_SECOND_STEP = parse_many("5/minute; 10/15 minutes; 30/day")
KNOWN_FOR_S = 400 * 86_400
MARK_BYTES = 16
Counter = tuple[list[RateLimitItem], tuple[str, ...]]


class Guesses:
    """Counts of wrong guesses, in Redis; in memory when Redis is away."""

    def __init__(self, app: Flask) -> None:
        self.enabled = app.config["RATELIMIT_ENABLED"]
        self.spare = FixedWindowRateLimiter(MemoryStorage())
        url = app.config["RATELIMIT_STORAGE_URI"]
        options = {"socket_connect_timeout": 1, "socket_timeout": 2}
        self.shared = self.spare
        if url != "memory://":
            storage = cast(Storage, storage_from_string(url, **options))
            self.shared = FixedWindowRateLimiter(storage)

    def wait_s(self, counters: list[Counter], now_s: float) -> int:
        """Tell for how many seconds no more guesses are taken; 0: go ahead."""
        if not self.enabled:
            return 0
        try:
            return self._wait_s(self.shared, counters, now_s)
        except (RedisError, OSError):
            return self._wait_s(self.spare, counters, now_s)

    def count(self, counters: list[Counter]) -> None:
        """Note one wrong guess."""
        if not self.enabled:
            return
        for limiter in (self.shared, self.spare):
            try:
                for items, keys in counters:
                    for item in items:
                        limiter.hit(item, *keys)
                return
            except (RedisError, OSError):
                log.warning("guesses are counted in memory: Redis does not answer")

    def take(self, counter: Counter, now_s: float) -> int:
        """Count one of so many; tell for how many seconds there is none left, or 0."""
        wait_s = self.wait_s([counter], now_s)
        if not wait_s:
            self.count([counter])
        return wait_s

    def forget(self, counter: Counter) -> None:
        """Forget the wrong guesses before a right one."""
        if not self.enabled:
            return
        items, keys = counter
        for limiter in (self.shared, self.spare):
            try:
                for item in items:
                    limiter.clear(item, *keys)
            except (RedisError, OSError):
                continue

    @staticmethod
    def _wait_s(
        limiter: FixedWindowRateLimiter, counters: list[Counter], now_s: float
    ) -> int:
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
    """Tell the counts of this application."""
    return current_app.extensions["guesses"]


def counters_for(email: str) -> list[Counter]:
    """Tell what a wrong guess at the account of `email` from this browser counts in."""
    account = name_of(email)
    if _is_known(account):
        mark = request.cookies.get(_cookie(), "")
        return [(PER_GUESSER, ("known", account, mark[:MARK_BYTES]))]
    return [
        (PER_GUESSER, ("guesser", account, network())),
        (PER_ACCOUNT, ("account", account)),
        (PER_NETWORK, ("network", network())),
    ]


def second_step_counter(user_id: int) -> Counter:
    """Tell what a wrong code counts in; only who knows the password gets this far."""
    return PER_SECOND_STEP, ("second-step", str(user_id))


def ask_mail(kind: str, email: str) -> int:
    """Count that a mail is asked for; tell how many seconds to wait, or 0.

    Each kind by itself, and only what would send one: whoever is refused a password
    five times can still register, and ask for a link. The same for every address.
    """
    counter = MAILS, ("mail", kind, name_of(email), network())
    return guesses().take(counter, clock.now().timestamp())


def network() -> str:
    """Tell where a request comes from: an IPv4 address or an IPv6 /64."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def mark_browser(response, email: str) -> None:  # type: ignore[no-untyped-def]
    """Have this browser be known to the account from now on."""
    account = name_of(email)
    if _is_known(account):
        return
    mark = secrets.token_urlsafe(MARK_BYTES)[:MARK_BYTES]
    response.set_cookie(
        _cookie(),
        mark + _seal(mark, account),
        max_age=KNOWN_FOR_S,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["PST"].is_tls,
        path="/",
    )


def _is_known(account: str) -> bool:
    value = request.cookies.get(_cookie(), "")
    mark, seal = value[:MARK_BYTES], value[MARK_BYTES:]
    return hmac.compare_digest(seal.encode(), _seal(mark, account).encode())


def _seal(mark: str, account: str) -> str:
    key = f"known browser:{current_app.config['PST'].secret_key}".encode()
    return hmac.new(key, f"{mark}:{account}".encode(), "sha256").hexdigest()[:24]


def name_of(email: str) -> str:
    """Name an account in the counts without its address."""
    key = f"account:{current_app.config['PST'].secret_key}".encode()
    return hmac.new(key, normal_email(email).encode(), "sha256").hexdigest()[:24]


def _cookie() -> str:
    return current_app.config["LOGIN_COOKIE"].replace("pst_l", "pst_d")
