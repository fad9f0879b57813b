"""Web server, workers and scheduler of an office: `python prefork.py`.

One parent loads the program and forks all of them, so that they share what it holds.
A worker or scheduler that ends by itself, or is silent for too long, is forked again
while pages go on. When the web server fails, or one of the others again and again, all
end, and systemd starts them again while requests wait in its socket.
"""

import logging
import multiprocessing
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType

import scheduler
import sd_notify
import serve
import worker
from pst import background
from pst.server import process_sizing
from pst.server.config_values import BadSetting
from pst.web import logs

log = logging.getLogger("pst.prefork")
WEB, WORKER, SCHEDULER = "web", "worker", "scheduler"
# After how long a silence each is given up.
PATIENCE_S = {WEB: 120, WORKER: 300, SCHEDULER: 300}
FINISH_S, FINISH_WEB_S = 90, 20
LOOK_S = 10
PAUSE_S = 2  # before one is forked again
YOUNG_S, MAX_FALLS = 60, 10  # so many times in a row, each time so soon after its birth
ENDS = {signal.SIGTERM, signal.SIGINT}
MAX_WORD = 100  # bytes of a sign of life


class Child:
    """One of the processes, and the socket on which it tells how it is."""

    process: BaseProcess

    def __init__(self, name: str, run: Callable[[], None], folder: Path) -> None:
        self.name, self.run = name, run
        self.address = str(folder / name)
        self.ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ear.bind(self.address)
        self.ear.setblocking(False)
        self.falls = 0

    def begin(self) -> None:
        """Fork a process that tells us, and not systemd, how it is."""
        self.listen()  # to the last of one before it
        how = multiprocessing.get_context("fork")
        self.process = how.Process(name=self.name, target=self.live)
        self.is_ready, self.heard_at = False, time.monotonic()
        self.born_at = self.heard_at
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
        self.process.start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)

    def live(self) -> None:
        """Do, in the process that was forked, what it is there for."""
        hear(signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDS)
        Path("/proc/self/comm").write_text(f"pst-{self.name}")
        logs.speak_as(self.name)
        sd_notify.speak_to(self.address)
        self.run()

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
        if self.is_ready and silence > PATIENCE_S[self.name.partition("-")[0]]:
            return f"{self.name} has been silent for {silence:.0f} s"
        return None

    def may_start_again(self) -> bool:
        """Count a fall; return whether the others may go on without the one fallen."""
        is_young = time.monotonic() - self.born_at < YOUNG_S
        self.falls = self.falls + 1 if is_young else 1
        return self.name != WEB and self.falls < MAX_FALLS

    def end(self, until: float) -> None:
        """Let it finish what it has begun."""
        self.process.join(max(0, until - time.monotonic()))
        if self.process.is_alive():
            self.process.kill()
        self.process.join()


class Family:
    """The parent and its children, until all have to end."""

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
        web, others = self.children[:1], self.children[1:]
        for children, finish_s in ((others, FINISH_S), (web, FINISH_WEB_S)):
            until = time.monotonic() + finish_s
            for child in children:
                child.process.terminate()
            for child in children:
                child.end(until)

    def grow(self, runs: dict[str, Callable[[], None]], folder: Path) -> None:
        for name, run in runs.items():
            child = Child(name, run, folder)
            child.begin()
            self.children.append(child)

    def watch(self) -> str | None:
        """Return what went wrong so that all must end, or nothing when they are to."""
        was_ready = False
        while not self.is_called(LOOK_S):
            for child in self.children:
                child.listen()
                if fault := child.fault:
                    if not child.may_start_again():
                        return fault
                    self.replace(child, fault)
            if not was_ready and all(child.is_ready for child in self.children):
                was_ready = True
                sd_notify.ready()
            sd_notify.alive()
        return None

    def is_called(self, patience_s: float) -> bool:
        """Wait until there is something to see; return whether it is the end."""
        ends = [child.process.sentinel for child in self.children]
        ears = [child.ear for child in self.children]
        return self.bell in wait([*ends, *ears, self.bell], patience_s)

    def replace(self, child: Child, fault: str) -> None:
        """Fork it again: this process is as it was before the first."""
        log.error("%s; it starts again", fault)
        child.process.kill()
        child.process.join()
        wait([self.bell], PAUSE_S)
        child.begin()


def runs() -> dict[str, Callable[[], None]]:
    """Load all that any of them needs; return what each does, the web server first."""
    app = serve.load()
    background.redis_url(app)
    place, handed_over = serve.place_of(app.config["PST"]), serve.handed_over()
    workers = range(process_sizing.here().workers)
    return {
        WEB: lambda: serve.serve(place, handed_over),
        **{f"{WORKER}-{n + 1}": lambda: worker.main(app) for n in workers},
        SCHEDULER: lambda: scheduler.main(app),
    }


def hear(handler: Callable[..., None] | signal.Handlers) -> None:
    """Do this from now on when the end is wanted."""
    for number in ENDS:
        signal.signal(number, handler)


def main() -> None:
    try:
        children = runs()
    except BadSetting as error:
        sys.exit(f"prefork.py: {error}")
    with tempfile.TemporaryDirectory(prefix="pst-") as folder, Family() as family:
        family.grow(children, Path(folder))
        fault = family.watch()
    sys.exit(fault and f"prefork.py: {fault}")


if __name__ == "__main__":
    main()
