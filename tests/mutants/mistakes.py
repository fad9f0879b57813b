"""The mistakes: what a tired hand would write, each a change of one place."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tests.mutants.changes import Function, changes


@dataclass(frozen=True)
class Place:
    """A part of a file, in bytes, and what is put there instead."""

    begin: int
    end: int
    text: str


@dataclass(frozen=True)
class Mistake:
    """One change inside one function."""

    path: Path
    function: str  # its qualified name
    nth: int  # among those of this name: a property has two
    line: int
    lines: frozenset[int]  # of its statement: a test that runs through one may notice
    place: Place
    source: bytes = field(repr=False)  # as it was read; the file may change later

    @cached_property
    def text(self) -> str:
        """The whole file with the mistake in it."""
        source, place = self.source, self.place
        changed = source[: place.begin] + place.text.encode() + source[place.end :]
        return changed.decode()

    @cached_property
    def diff(self) -> tuple[str, str]:
        """What stood there and what stands there now, each in one line."""
        source, place = self.source, self.place
        begin = source.rfind(b"\n", 0, place.begin) + 1
        end = source.find(b"\n", place.end)
        before = source[begin:end]
        now = source[begin : place.begin] + place.text.encode()
        return one_line(before), one_line(now + source[place.end : end])

    @cached_property
    def words(self) -> set[str]:
        """The words of its function's name, its file's, and what stands there."""
        return words_in(f"{self.path.stem} {self.function} {self.diff[0]}")

    def name_in(self, root: Path) -> str:
        """Name it so that it keeps its name when lines move."""
        before, now = self.diff
        return f"{self.path.relative_to(root)}::{self.function} | {before} => {now}"


def words_in(text: str) -> set[str]:
    """Return the words of names, without an ending; short ones say nothing."""
    return {word.rstrip("sed") for word in re.findall(r"[a-z]{4,}", text.lower())}


def one_line(text: bytes) -> str:
    return " ".join(text.decode().split())


def mistakes_in(path: Path) -> Iterator[Mistake]:
    """Yield each mistake that fits into the functions of a file."""
    source = path.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def place(node: ast.expr | ast.stmt, text: str) -> Place:
        assert node.end_lineno is not None and node.end_col_offset is not None
        begin = starts[node.lineno - 1] + node.col_offset
        return Place(begin, starts[node.end_lineno - 1] + node.end_col_offset, text)

    seen: dict[str, int] = {}
    for name, function in outer_functions(ast.parse(source), ""):
        nth = seen[name] = seen.get(name, -1) + 1
        for node, text in changes(function):
            line, lines = node.lineno, lines_of_statement(function, node)
            yield Mistake(path, name, nth, line, lines, place(node, text), source)


def lines_of_statement(function: Function, node: ast.expr | ast.stmt) -> frozenset[int]:
    """Number the lines of the statement that something stands in, not of its block."""
    begin, end = node.lineno, node.end_lineno or node.lineno
    for each in ast.walk(function):
        if isinstance(each, ast.stmt) and each is not function:
            block = getattr(each, "body", None) or getattr(each, "cases", None)
            last = _first_line(block[0]) - 1 if block else each.end_lineno or begin
            if each.lineno <= node.lineno <= last:
                begin, end = each.lineno, max(last, end)
    return frozenset(range(begin, end + 1))


def _first_line(node: ast.stmt | ast.match_case) -> int:
    return node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno


def outer_functions(tree: ast.AST, within: str) -> Iterator[tuple[str, Function]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function):
            yield within + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from outer_functions(node, f"{within}{node.name}.")
        elif isinstance(node, ast.If | ast.Try | ast.With):
            yield from outer_functions(node, within)
