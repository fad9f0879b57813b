"""A plugin of pytest: run the tests once, then for each mistake those that call it."""

import cProfile
import os
import shutil
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType

import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.mistakes import Mistake
from tests.mutants.swapping import Functions

# Of the time that there is, so much goes into learning who calls what.
LEARNING = 0.5
# A test that takes so many times as long as it did will not end.
PATIENCE, LEAST_S = 5, 30
# Tests that take longer than this together are not all run for one mistake.
MOST_S = 60
NO_TEST, IN_VAIN = "no test calls it", "endless"
# What starts processes, or makes much more than a rule needs.
SLOW = {"service", "race", "systemd", "busy", "starter", "traces"}


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
        note: Callable[[Mistake, str | None], None],
        until: float,
    ) -> None:
        self.mistakes, self.note, self.until = mistakes, note, until
        self.seconds: dict[str, float] = {}
        self.callers: dict[CodeType, list[pytest.Item]] = defaultdict(list)
        self.folders: dict[str, int] = {}
        self.noticed: set[str] = set()
        self.failed = False
        # How many tests there was no time to learn the callers of.
        self.unlearnt = 0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if not SLOW & _fixtures(item)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed |= report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.nothing = NothingNext(session)
        self.learn(session.items)
        functions = Functions({str(mistake.path) for mistake in self.mistakes})
        for mistake in self.mistakes:
            if time.monotonic() > self.until:
                break
            code = functions.code_of(mistake)
            tests = self.likely(self.callers.get(code, []) if code else [])
            test = self.tried(mistake, functions, tests) if tests else None
            if test:
                self.noticed.add(test)
            self.note(mistake, test)
        return True

    def likely(self, tests: list[pytest.Item]) -> list[pytest.Item]:
        """Order tests: what noticed something before, the same folder's, the quick."""

        def rank(item: pytest.Item) -> tuple[bool, int, float]:
            name = item.nodeid
            return (name not in self.noticed, self.folders[name], self.seconds[name])

        seconds, chosen = 0.0, []
        for item in sorted(tests, key=rank):
            seconds += self.seconds[item.nodeid]
            if chosen and seconds > MOST_S:
                break
            chosen.append(item)
        return chosen

    def learn(self, items: list[pytest.Item]) -> None:
        """Run each test as it is; one that fails already notices nothing."""
        begin = time.monotonic()
        end = begin + LEARNING * (self.until - begin)
        files = {str(mistake.path) for mistake in self.mistakes}
        places = list(dict.fromkeys(item.path.parent for item in items))
        self.folders = {item.nodeid: places.index(item.path.parent) for item in items}
        self.unlearnt = len(items)
        for item, after in zip(items, [*items[1:], None], strict=True):
            self.unlearnt -= 1
            is_last = after is None or time.monotonic() > end
            profile = cProfile.Profile(subcalls=False, builtins=False)
            started = time.monotonic()
            profile.enable()
            passed = self.passes(item, self.nothing if is_last else after)
            profile.disable()
            self.seconds[item.nodeid] = time.monotonic() - started
            if passed:
                for entry in profile.getstats():
                    code = entry.code
                    if isinstance(code, CodeType) and code.co_filename in files:
                        self.callers[code].append(item)
            if is_last:
                return

    def passes(self, item: pytest.Item, after: object) -> bool:
        self.failed = False
        reports = runtestprotocol(item, log=False, nextitem=after)  # type: ignore[arg-type]
        return not self.failed and not any(report.failed for report in reports)

    def tried(
        self, mistake: Mistake, functions: Functions, tests: list[pytest.Item]
    ) -> str | None:
        """Make the mistake in a child of this process; name the test that noticed."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            self._try(mistake, functions, tests, writing)  # does not come back
        os.close(writing)
        usual = sum(self.seconds[item.nodeid] for item in tests)
        ended = _wait(child, PATIENCE * usual + LEAST_S)
        with os.fdopen(reading) as told:
            name = told.read()
        shutil.rmtree(_folder(tests[0], child), ignore_errors=True)
        return (name or None) if ended else IN_VAIN

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
