"""How guesses are counted when many come in the same moment."""

from datetime import UTC, datetime
from threading import Barrier, Event, Thread, local

from flask import Flask
from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from pst.accounts.log_in.throttling import Guesses

PEOPLE, ALLOWED = 20, 5
NARROW, WIDE = LIMITS = parse_many("5/minute; 10/15 minutes")


class SameMoment(FixedWindowRateLimiter):
    """Have all count at once; the refused give back once the others are through."""

    def __init__(self) -> None:
        super().__init__(MemoryStorage())
        self.all_looked = Barrier(PEOPLE)
        self.refused = Barrier(PEOPLE - ALLOWED, action=self._let_others_on)
        self.may_go_on, self.may_give_back = Event(), Event()
        self.mine = local()

    def hit(self, item, *keys, cost=1):
        if item == NARROW and cost > 0:
            self.all_looked.wait(20)
            self.mine.is_within = super().hit(item, *keys)
            self.mine.has_waited = False
            return self.mine.is_within
        if not self.mine.is_within and cost < 0 and not self.mine.has_waited:
            self.mine.has_waited = True
            self.refused.wait(20)
            self.may_give_back.wait(20)
        if self.mine.is_within and cost > 0:
            self.may_go_on.wait(20)
        return super().hit(item, *keys, cost=cost)

    def _let_others_on(self):
        self.may_go_on.set()


def test_the_refused_use_up_nothing_of_those_within_the_limit(app: Flask):
    limiter, waits = SameMoment(), []
    guesses = Guesses(app)
    guesses.enabled, guesses.shared = True, limiter

    def take() -> None:
        waits.append(guesses.take([(LIMITS, ("guesser", "siti"))]))
        if len(waits) == ALLOWED:  # those within the limit are through
            limiter.may_give_back.set()

    threads = [Thread(target=take) for _ in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert waits.count(0) == ALLOWED


def test_in_the_last_half_second_of_a_limit_there_is_still_none_left(app: Flask, at):
    guesses = Guesses(app)
    guesses.enabled, guesses.shared = True, FixedWindowRateLimiter(MemoryStorage())
    counters = [([NARROW], ("guesser", "siti"))]
    for _ in range(ALLOWED):
        assert guesses.take(counters) == 0
    ends_at_s = guesses.shared.get_window_stats(NARROW, "guesser", "siti").reset_time

    at(datetime.fromtimestamp(ends_at_s - 0.5, UTC))

    assert guesses.peek(counters) == guesses.take(counters) == 1
