"""Which tests run through which lines: learnt once, and kept until either changes."""

import ast
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import coverage

from tests.mutants.mistakes import Mistake, outer_functions
from tests.processes import ROOT


@dataclass(frozen=True)
class Body:
    """A function as it stands in its file."""

    name: str  # of the file and the function, and which of this name it is
    begin: int
    end: int
    fingerprint: str


def bodies_in(path: Path) -> list[Body]:
    source = path.read_text()
    lines = source.splitlines()
    found, seen = [], defaultdict[str, int](int)
    for name, function in outer_functions(ast.parse(source), ""):
        begin, end = function.lineno, function.end_lineno or function.lineno
        fingerprint = _fingerprint("\n".join(lines[begin - 1 : end]))
        place = name_of(path, name, seen[name])
        found.append(Body(place, begin, end, fingerprint))
        seen[name] += 1
    return found


def name_of(path: Path, function: str, nth: int) -> str:
    return f"{path.relative_to(ROOT)}::{function}#{nth}"


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


class Lines:
    """The lines that each test runs through, and how long it takes.

    A line is counted from the beginning of its function: what is known of a function
    stays true when others of its file change. Of one that changed itself, every test
    that called it is still known.
    """

    def __init__(self, files: set[Path], kept: Path | None) -> None:
        self.kept = kept
        self.bodies = {str(path): bodies_in(path) for path in files}
        self.tests: dict[str, dict] = {}
        if kept and kept.exists():
            self.tests = json.loads(kept.read_text())
        self._files: dict[Path, str] = {}
        self._coverage = coverage.Coverage(
            data_file=None, config_file=False, include=sorted(self.bodies)
        )
        unasked = ["no-data-collected"]  # a test may run through nothing of the core
        self._coverage.set_option("run:disable_warnings", unasked)

    def is_known(self, test: str, file: Path) -> bool:
        return self.tests.get(test, {}).get("file") == self._of_test(file)

    def seconds(self, test: str) -> float:
        return self.tests[test]["seconds"]

    @contextmanager
    def watched(self) -> Iterator[None]:
        self._coverage.erase()
        self._coverage.start()
        try:
            yield
        finally:
            self._coverage.stop()

    def note(self, test: str, file: Path, seconds: float) -> None:
        """Keep what was watched last as the way of this test."""
        data, calls = self._coverage.get_data(), {}
        for path in data.measured_files():
            lines = set(data.lines(path) or ())
            for body in self.bodies.get(path, ()):
                inside = lines & set(range(body.begin + 1, body.end + 1))
                if inside:
                    relative = sorted(line - body.begin for line in inside)
                    calls[body.name] = [body.fingerprint, *relative]
        known = {"file": self._of_test(file), "seconds": round(seconds, 2)}
        self.tests[test] = {**known, "calls": calls}

    def keep(self) -> None:
        if self.kept:
            self.kept.parent.mkdir(exist_ok=True)
            self.kept.write_text(json.dumps(self.tests))

    def through(self, mistake: Mistake) -> set[str]:
        """Name the tests that run through the statement of a mistake."""
        name = name_of(mistake.path, mistake.function, mistake.nth)
        body = next(
            each for each in self.bodies[str(mistake.path)] if each.name == name
        )
        wanted = {line - body.begin for line in mistake.lines}
        found = set()
        for test, known in self.tests.items():
            called = known["calls"].get(name)
            if called and (called[0] != body.fingerprint or wanted & {*called[1:]}):
                found.add(test)
        return found

    def _of_test(self, file: Path) -> str:
        if file not in self._files:
            self._files[file] = _fingerprint(file.read_text())
        return self._files[file]
