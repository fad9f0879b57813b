"""A plugin of pytest: run the tests once, then for each mistake those that meet it."""

import gc
import inspect
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.importing import run_apart
from tests.mutants.learning import Lines
from tests.mutants.mistakes import Mistake, words_in
from tests.mutants.swapping import Functions

# Of the time that there is, so much goes into learning who runs through what.
LEARNING = 0.5
# A test that takes so many times as long as it did will not end.
PATIENCE, LEAST_S = 5, 20
# Tests that take longer than this together are not all run for one mistake.
MOST_S = 60
KEEP_EVERY_S = 60
IN_VAIN, APART = "endless", "in a Python of its own"
MOST_APART_S, MOST_FILES = 180, 8
# What starts processes, or makes much more than a rule needs.
SLOW = {"service", "race", "systemd", "busy", "starter", "traces"}


class OutOfTime(Exception):
    """The time that was given is over."""


class NothingNext:
    """Stands for the next test where there is none: only the session stays set up."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session

    def listchain(self) -> list[pytest.Session]:
        return [self.session]


class Runner:
    """Notes for each mistake the test that noticed it; `None` where none did."""

    def __init__(
        self,
        mistakes: list[Mistake],
        lines: Lines,
        note: Callable[[Mistake, str | None], None],
        until: float,
    ) -> None:
        self.mistakes, self.lines = mistakes, lines
        self.note, self.until = note, until
        self.items: dict[str, pytest.Item] = {}
        self.folders: dict[str, int] = {}
        self.noticed: set[str] = set()
        self.failed = False
        self.failing: list[str] = []
        # How many tests there was no time to learn the way of.
        self.unlearnt = 0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if not SLOW & _fixtures(item)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.nothing = NothingNext(session)
        self.items = {item.nodeid: item for item in session.items}
        places = list(dict.fromkeys(item.path.parent for item in session.items))
        self.folders = {
            item.nodeid: places.index(item.path.parent) for item in session.items
        }
        self.learn(session.items)
        self.warm(session.items)
        functions = Functions({str(mistake.path) for mistake in self.mistakes})
        gc.freeze()  # so that a child does not copy what it only looks through
        for mistake in self.mistakes:
            through = self.lines.through(mistake) & self.items.keys()
            tests = self.likely(mistake, through)
            try:
                test = self.tried(mistake, functions, tests)
            except OutOfTime:
                break
            if test:
                self.noticed.add(test)
            self.note(mistake, test)
        return True

    def likely(self, mistake: Mistake, tests: set[str]) -> list[pytest.Item]:
        """Order tests: those that speak of it, the same folder's, the quick."""
        words = mistake.words

        def rank(name: str) -> tuple[int, int, bool, float]:
            spoken_of = len(words & _words_of(self.items[name]))
            seconds = self.lines.seconds(name)
            is_new = name not in self.noticed
            return (-spoken_of, self.folders[name], is_new, seconds)

        seconds, chosen = 0.0, []
        for name in sorted(tests, key=rank):
            seconds += self.lines.seconds(name)
            if chosen and seconds > MOST_S:
                break
            chosen.append(self.items[name])
        return chosen

    def learn(self, items: list[pytest.Item]) -> None:
        """Run each test that is not known as it is; one that fails notices nothing."""
        begin = kept = time.monotonic()
        end = begin + LEARNING * (self.until - begin)
        new = [
            item for item in items if not self.lines.is_known(item.nodeid, item.path)
        ]
        self.unlearnt = len(new)
        for item, after in zip(new, [*new[1:], None], strict=False):
            is_last = after is None or time.monotonic() > end
            start = time.monotonic()
            with self.lines.watched():
                passed = self.passes(item, self.nothing if is_last else after)
            if passed:
                seconds = time.monotonic() - start
                self.lines.note(item.nodeid, item.path, seconds)
            else:
                self.failing.append(item.nodeid)
            self.unlearnt -= 1
            if is_last or time.monotonic() > kept + KEEP_EVERY_S:
                self.lines.keep()
                kept = time.monotonic()
            if is_last:
                return

    def warm(self, items: list[pytest.Item]) -> None:
        """Run a quick test of each folder, so that no child does what all have done."""
        quick: dict[int, pytest.Item] = {}
        for item in items:
            if item.nodeid in self.lines.tests and "app" in _fixtures(item):
                quick.setdefault(self.folders[item.nodeid], item)
        for item in quick.values():
            self.passes(item, self.nothing)

    def passes(self, item: pytest.Item, after: object) -> bool:
        self.failed = False
        reports = runtestprotocol(item, log=False, nextitem=after)  # type: ignore[arg-type]
        return not self.failed and not any(report.failed for report in reports)

    def tried(
        self, mistake: Mistake, functions: Functions, tests: list[pytest.Item]
    ) -> str | None:
        """Make the mistake in a child of this process; name the test that noticed."""
        left = self.until - time.monotonic()
        if left < 0:
            raise OutOfTime
        if not tests and self.lines.is_for_import(mistake):
            return self.tried_apart(mistake, left)
        if not tests or functions.code_of(mistake) is None:
            return None
        usual = sum(self.lines.seconds(item.nodeid) for item in tests)
        patience = PATIENCE * usual + LEAST_S
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            self._try(mistake, functions, tests, writing)  # does not come back
        os.close(writing)
        ended = _wait(child, min(patience, left))
        with os.fdopen(reading) as told:
            name = told.read()
        shutil.rmtree(_folder(tests[0], child), ignore_errors=True)
        if not ended and left < patience:
            raise OutOfTime
        return (name or None) if ended else IN_VAIN

    def tried_apart(self, mistake: Mistake, left: float) -> str | None:
        files = self.lines.files_through(mistake.path)[:MOST_FILES]
        try:
            is_noticed = run_apart(mistake, files, min(left, MOST_APART_S))
        except subprocess.TimeoutExpired:
            if left < MOST_APART_S:
                raise OutOfTime from None
            return None
        return APART if is_noticed else None

    def _try(
        self,
        mistake: Mistake,
        functions: Functions,
        tests: list[pytest.Item],
        writing: int,
    ) -> None:
        try:
            os.setsid()
            folder = _folder(tests[0], os.getpid())
            folder.mkdir()
            tests[0].config._tmp_path_factory._basetemp = folder  # type: ignore
            functions.make(mistake)
            for item in tests:
                if not self.passes(item, self.nothing):
                    os.write(writing, item.nodeid.encode())
                    break
        except BaseException as error:
            os.write(writing, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(0)


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


@cache
def _words_of(item: pytest.Item) -> set[str]:
    """Return the words of a test, and of the name of its file."""
    source = inspect.getsource(item.function)  # type: ignore[attr-defined]
    return words_in(f"{item.path.stem} {source}")


def _folder(item: pytest.Item, pid: int) -> Path:
    base = item.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    return base / f"mistake-{pid}"


def _wait(child: int, seconds: float) -> bool:
    """Wait for a child and end it when it takes too long."""
    end = time.monotonic() + seconds
    for pause in _pauses():
        if os.waitpid(child, os.WNOHANG)[0]:
            return True
        if time.monotonic() > end:
            break
        time.sleep(pause)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _pauses() -> Iterator[float]:
    pause = 0.01
    while True:
        yield pause
        pause = min(pause * 1.2, 0.5)
