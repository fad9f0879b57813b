"""Places, and a queue for them in order of arrival."""

import threading
import time
from collections import Counter


class Ticket:
    """A waiting request, under the name of its sender."""

    def __init__(self, name: str = "") -> None:
        self.name, self.since = name, time.monotonic()
        self.is_served = threading.Event()


class Turns:
    """A number of places, given in order of arrival.

    One name, such as a network, has at most `share` places at once and half of the
    queue; requests under other names pass those that wait for it.
    """

    def __init__(self, places: int, share: int | None = None) -> None:
        self.free = places
        self.share = share or places
        self.held: Counter[str] = Counter()
        self.waiting: list[Ticket] = []
        self.lock = threading.Lock()

    def enter(self, most: int, patience: float, name: str = "") -> bool:
        """Take a place; False when already `most` wait, or it takes too long.

        An empty name has no share to keep to.
        """
        with self.lock:
            if self.free and self._has_share(name):
                self._take(name)
                return True
            if len(self.waiting) >= most or self._fills_half(most, name):
                return False
            ticket = Ticket(name)
            self.waiting.append(ticket)
        if ticket.is_served.wait(patience):
            return True
        with self.lock:
            if ticket.is_served.is_set():  # in this moment
                return True
            self.waiting.remove(ticket)
            return False

    def leave(self, name: str = "") -> None:
        """Give the place to the request that has waited longest and may have it."""
        with self.lock:
            self.free += 1
            self._forget(name)
            if ticket := self._next():
                self.waiting.remove(ticket)
                self._take(ticket.name)
                ticket.is_served.set()

    def is_own_burst(self, most: int, name: str) -> bool:
        """Return whether `name` itself holds, or waits for, all that it may have."""
        with self.lock:
            return not self._has_share(name) or self._fills_half(most, name)

    @property
    def wait_s(self) -> float:
        """Return for how long the one to be served next has waited."""
        with self.lock:
            ticket = self._next()
        return time.monotonic() - ticket.since if ticket else 0.0

    def _next(self) -> Ticket | None:
        return next((each for each in self.waiting if self._has_share(each.name)), None)

    def _take(self, name: str) -> None:
        self.free -= 1
        if name:
            self.held[name] += 1

    def _forget(self, name: str) -> None:
        if self.held[name] > 1:
            self.held[name] -= 1
        else:
            self.held.pop(name, None)

    def _fills_half(self, most: int, name: str) -> bool:
        alike = sum(each.name == name for each in self.waiting)
        return bool(name) and 2 * alike >= most

    def _has_share(self, name: str) -> bool:
        return not name or self.held[name] < self.share
