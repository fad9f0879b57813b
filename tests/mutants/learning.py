"""Which tests run through which lines: learnt once, and kept until either changes."""

import ast
import hashlib
import importlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import coverage

from tests.mutants import choosing
from tests.mutants.mistakes import Mistake, outer_functions
from tests.processes import ROOT


@dataclass(frozen=True)
class Body:
    """A function as it stands in its file."""

    name: str  # of the file and the function, and which of this name it is
    begin: int
    first: int  # the line after its head
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
        first = function.body[0].lineno
        found.append(Body(place, begin, first, end, fingerprint))
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
        self.at_import: set[str] = set()
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
        calls = {
            body.name: [body.fingerprint, *sorted(line - body.begin for line in lines)]
            for body, lines in self._passed()
        }
        known = {"file": self._of_test(file), "seconds": round(seconds, 2)}
        self.tests[test] = {**known, "calls": calls}

    def watch_import(self) -> None:
        """Import every file, and note which functions run while that is done."""
        with self.watched():
            for path in sorted(self.bodies):
                importlib.import_module(choosing.module_of(Path(path)))
        self.at_import = {body.name for body, _ in self._passed()}

    def is_for_import(self, mistake: Mistake) -> bool:
        name = name_of(mistake.path, mistake.function, mistake.nth)
        return name in self.at_import

    def _passed(self) -> Iterator[tuple[Body, set[int]]]:
        """Yield the functions that were run through, and their lines."""
        data = self._coverage.get_data()
        for path in data.measured_files():
            lines = set(data.lines(path) or ())
            for body in self.bodies.get(path, ()):
                if inside := lines & set(range(body.first, body.end + 1)):
                    yield body, inside

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

    def files_through(self, path: Path) -> list[str]:
        """List the test files that run through a file, those with most tests first."""
        bodies = {body.name for body in self.bodies[str(path)]}
        often = Counter(
            test.partition("::")[0]
            for test, known in self.tests.items()
            if bodies & known["calls"].keys()
        )
        return [name for name, _ in often.most_common()]

    def _of_test(self, file: Path) -> str:
        if file not in self._files:
            self._files[file] = _fingerprint(file.read_text())
        return self._files[file]
