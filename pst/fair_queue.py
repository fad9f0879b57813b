"""Places, and a queue for them in order of arrival."""

import threading
from collections import Counter, deque


class Turns:
    """So many places; who waits for one gets it in the order of arrival.

    Of those that come under one name, such as a network, at most `share` hold places
    at once, and half of the queue; the others are served before those that wait.
    """

    def __init__(self, places: int, share: int | None = None) -> None:
        self.free = places
        self.share = share or places
        self.held: Counter[str] = Counter()
        self.waiting: deque[threading.Event] = deque()
        self.names: dict[threading.Event, str] = {}
        self.lock = threading.Lock()

    def enter(self, most: int, patience: float, name: str = "") -> bool:
        """Take a place; False when already `most` wait, or it takes too long.

        An empty name has no share to keep to.
        """
        with self.lock:
            if self.free and self._has_share(name):
                self._take(name)
                return True
            if len(self.waiting) >= most or self._fills_queue(name, most):
                return False
            mine = threading.Event()
            self.waiting.append(mine)
            self.names[mine] = name
        if mine.wait(patience):
            return True
        with self.lock:
            if mine.is_set():  # in this very moment
                return True
            self.waiting.remove(mine)
            self.names.pop(mine, None)
            return False

    def leave(self, name: str = "") -> None:
        """Give the place to the thread that has waited longest and may have it."""
        with self.lock:
            self.free += 1
            self.held -= Counter({name: 1})  # what is not positive is forgotten
            for event in self.waiting:
                if self._has_share(self.names.get(event, "")):
                    self.waiting.remove(event)
                    self._take(self.names.pop(event, ""))
                    event.set()
                    return

    def _take(self, name: str) -> None:
        self.free -= 1
        if name:
            self.held[name] += 1

    def _has_share(self, name: str) -> bool:
        return not name or self.held[name] < self.share

    def _fills_queue(self, name: str, most: int) -> bool:
        alike = sum(each == name for each in self.names.values())
        return bool(name) and 2 * alike >= most
