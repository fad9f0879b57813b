"""Places, and a queue for them in order of arrival."""

import threading
from collections import deque


class Turns:
    """So many places; who waits for one gets it in the order of arrival."""

    def __init__(self, places: int) -> None:
        self.free = places
        self.waiting: deque[threading.Event] = deque()
        self.lock = threading.Lock()

    def enter(self, most: int, patience: float) -> bool:
        """Take a place; False when already `most` wait, or it takes too long."""
        with self.lock:
            if self.free:
                self.free -= 1
                return True
            if len(self.waiting) >= most:
                return False
            mine = threading.Event()
            self.waiting.append(mine)
        if mine.wait(patience):
            return True
        with self.lock:
            if mine.is_set():  # in this very moment
                return True
            self.waiting.remove(mine)
            return False

    def leave(self) -> None:
        """Give the place to who has waited longest."""
        with self.lock:
            if self.waiting:
                self.waiting.popleft().set()
            else:
                self.free += 1
