"""Small things written once the answer is sent, many of them in one transaction.

A GET changes no row that its reader waits for, and takes no lock while it works. What
is written here waits for a moment, so that a busy hour costs one commit where it would
cost a hundred. It may be lost when the process dies; nothing depends on it.
"""

import atexit
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, Response, after_this_request, current_app
from sqlalchemy.exc import OperationalError

from pst.database import transaction

log = logging.getLogger(__name__)

PAUSE_S = 0.5
# How often work is tried that finds it is too early.
TRIES = 6


class TooEarly(Exception):
    """What the work depends on is not written yet, perhaps by another process."""


@dataclass
class _Work:
    call: Callable[[], object]
    tries: int = TRIES


@dataclass
class Desk:
    """The work that waits in this process, and the thread that comes for it."""

    app: Flask
    pause_s: float
    _waiting: list[_Work] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_coming: bool = False

    def put(self, work: _Work) -> None:
        with self._lock:
            self._waiting.append(work)
            if self._is_coming or not self.pause_s:
                return
            self._is_coming = True
        timer = threading.Timer(self.pause_s, self.clear)
        timer.daemon = True
        timer.start()

    def clear(self) -> None:
        """Do all that waits, in one transaction if nothing fails."""
        with self._lock:
            works, self._waiting = self._waiting, []
            self._is_coming = False
        if works and not self._succeed(works):
            for work in works:  # one may have spoilt it for the others
                if not self._succeed([work]):
                    log.warning("%s was not written", work.call.__qualname__)

    def _succeed(self, works: list[_Work]) -> bool:
        early: list[_Work] = []
        try:
            with self.app.app_context(), transaction():
                for work in works:
                    try:
                        work.call()
                    except TooEarly:
                        early.append(work)
        except OperationalError:
            return False
        except Exception:
            log.warning("a small thing could not be written", exc_info=True)
            return False
        for work in early:
            work.tries -= 1
            if work.tries > 0:
                self.put(work)
        return True


def init_app(app: Flask) -> None:
    """Give `app` its desk; in tests it is cleared with each answer."""
    desk = Desk(app, 0 if app.config["PST"].testing else PAUSE_S)
    app.extensions["afterwards"] = desk
    atexit.register(desk.clear)


def afterwards(work: Callable[[], object]) -> None:
    """Call `work` after the answer to this request; it sees no request any more.

    It may raise `TooEarly` to be called again a little later.
    """
    desk: Desk = current_app.extensions["afterwards"]

    def put() -> None:
        desk.put(_Work(work))
        if not desk.pause_s:
            desk.clear()

    @after_this_request
    def hang(response: Response) -> Response:
        response.call_on_close(put)
        return response
