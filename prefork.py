"""Web server, worker and scheduler of one more office: `python prefork.py`.

One parent loads the program and forks all three, so that they share what it holds. They
begin and end together: when one ends by itself, or is silent for too long, all end, and
systemd starts them again while requests wait in its socket.
"""

import importlib
import logging
import multiprocessing
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType

import scheduler
import sd_notify
import serve

log = logging.getLogger("pst.prefork")
# After how long a silence each is given up, as in the units of the first office.
PATIENCE_S = {"web": 120, "worker": 300, "scheduler": 300}
FINISH_S = {"web": 20, "worker": 60, "scheduler": 10}
LOOK_S = 10
ENDS = {signal.SIGTERM, signal.SIGINT}
MAX_WORD = 100  # bytes of a sign of life


@dataclass
class Child:
    """One process of the three, and the socket on which it tells how it is."""

    name: str
    process: BaseProcess
    ear: socket.socket
    is_ready: bool = False
    heard_at: float = 0.0

    def listen(self) -> None:
        """Take what it has sent since the last look."""
        while word := self.next_word():
            self.is_ready = self.is_ready or word == b"READY=1"
            self.heard_at = time.monotonic()

    def next_word(self) -> bytes:
        try:
            return self.ear.recv(MAX_WORD)
        except BlockingIOError:
            return b""

    @property
    def fault(self) -> str | None:
        """Return what is wrong with it; None when nothing is."""
        if not self.process.is_alive():
            return f"{self.name} ended by itself ({self.process.exitcode})"
        silence = time.monotonic() - self.heard_at
        if self.is_ready and silence > PATIENCE_S[self.name]:
            return f"{self.name} has been silent for {silence:.0f} s"
        return None

    def end(self) -> None:
        """Let it finish what it has begun."""
        if self.process.is_alive():
            self.process.terminate()
        self.process.join(FINISH_S[self.name])
        if self.process.is_alive():
            self.process.kill()


class Family:
    """The parent and its children, until one of them fails or the end is wanted."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        # An exception out of a signal's handler is lost in some places.
        self.bell, ringing = socket.socketpair()
        hear(lambda *_: ringing.send(b"."))

    def __enter__(self) -> "Family":
        return self

    def __exit__(
        self, kind: type | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """End the web server last: it serves while a job is finished."""
        hear(signal.SIG_IGN)
        sd_notify.stopping()
        for child in reversed(self.children):
            child.end()

    def grow(self, runs: dict[str, Callable[[], None]], folder: Path) -> None:
        for name, run in runs.items():
            self.children.append(born(name, run, folder))

    def watch(self) -> str | None:
        """Return what went wrong with one of them, or nothing when it is to end."""
        was_ready = False
        while True:
            ends = [child.process.sentinel for child in self.children]
            ears = [child.ear for child in self.children]
            if self.bell in wait([*ends, *ears, self.bell], LOOK_S):
                return None
            for child in self.children:
                child.listen()
            if faults := [child.fault for child in self.children if child.fault]:
                return "; ".join(faults)
            if not was_ready and all(child.is_ready for child in self.children):
                was_ready = True
                sd_notify.ready()
            sd_notify.alive()


def born(name: str, run: Callable[[], None], folder: Path) -> Child:
    """Fork a child that tells us, and not systemd, how it is."""
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.bind(str(folder / name))
    ear.setblocking(False)
    how = multiprocessing.get_context("fork")
    process = how.Process(name=name, target=begin, args=(run, str(folder / name)))
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
    process.start()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
    return Child(name, process, ear)


def begin(run: Callable[[], None], address: str) -> None:
    hear(signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
    sd_notify.speak_to(address)
    run()


def runs() -> dict[str, Callable[[], None]]:
    """Load all that any of them needs; return what each does."""
    worker, app = importlib.import_module("worker"), importlib.import_module("wsgi").app
    serve.freeze()
    place, handed_over = serve.place_of(app.config["PST"]), serve.handed_over()
    plan = worker.plan_of(app)
    return {
        "web": lambda: serve.serve(place, handed_over),
        "worker": lambda: worker.main(app),
        "scheduler": lambda: scheduler.follow(plan),
    }


def hear(handler: Callable[..., None] | signal.Handlers) -> None:
    """Do this from now on when the end is wanted."""
    for number in ENDS:
        signal.signal(number, handler)


def main() -> None:
    children = runs()
    with tempfile.TemporaryDirectory(prefix="pst-") as folder, Family() as family:
        family.grow(children, Path(folder))
        fault = family.watch()
    sys.exit(fault and f"prefork.py: {fault}")


if __name__ == "__main__":
    main()
