"""The mistakes: what a tired hand would write, each a change of one place."""

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeGuard

Function = ast.FunctionDef | ast.AsyncFunctionDef
SWAPPED: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
}
OTHER_WORDS = {"min": "max", "max": "min", "any": "all", "all": "any"}
# Calls of which each argument is a condition of its own.
CONDITIONS = {"where", "and_", "or_", "filter", "having"}
LOGS = {"debug", "info", "warning", "error", "exception"}


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


Change = tuple[ast.expr | ast.stmt, str]


def changes(function: Function) -> Iterator[Change]:
    if function.name in ("__repr__", "__str__"):
        return
    for statement in function.body:
        yield from _changes(statement)


def _changes(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom) or _is_said(node):
        return  # a text, a docstring, a line of the log
    if _is_limit_of_one(node):
        return (
            yield from _changes(node.func)
        )  # of what is read, the first row is used
    if isinstance(node, ast.stmt):
        yield from _of_statement(node)
    elif isinstance(node, ast.expr):
        yield from ((node, f"({text})") for text in _of_expression(node))
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "args") and isinstance(
            node, ast.FunctionDef | ast.AnnAssign
        ):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _changes(child)


def _is_limit_of_one(node: ast.AST) -> TypeGuard[ast.Call]:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "limit"
        and ast.unparse(node.args[0]) == "1"
    )


def _is_said(node: ast.AST) -> bool:
    if not isinstance(node, ast.Expr):
        return False
    call = node.value
    return isinstance(call, ast.Constant) or (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in LOGS
    )


def _of_statement(node: ast.stmt) -> Iterator[Change]:
    """Leave it out; turn a condition round; return nothing; stop early or go on."""
    match node:
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            pass
        case ast.Expr() | ast.AugAssign() | ast.Raise():
            yield node, "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript(), *_]):
            yield node, "pass"
        case ast.If() | ast.While():
            yield node.test, f"(not ({ast.unparse(node.test)}))"
        case ast.Return(value=ast.expr()) if not _is_none(node.value):
            yield node, "return None"
        case ast.Break():
            yield node, "continue"
        case ast.Continue():
            yield node, "break"


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _of_expression(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=bool()):
            yield str(not node.value)
        case ast.Constant(value=int()):
            yield str(node.value + 1)
        case ast.Compare(ops=[operator]):
            for other in SWAPPED.get(type(operator), ()):
                yield _with(node, ops=[other()])
        case ast.BoolOp():
            yield _with(node, op=SWAPPED[type(node.op)][0]())
            for n in range(len(node.values)):
                yield ast.unparse(_but(node.values, n, node))
        case ast.BinOp() if type(node.op) in SWAPPED and not _is_text(node):
            yield _with(node, op=SWAPPED[type(node.op)][0]())
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield ast.unparse(node.operand)
        case ast.IfExp():
            yield _with(node, body=node.orelse, orelse=node.body)
        case ast.Call(func=ast.Name(id=name)) if name in OTHER_WORDS:
            yield _with(node, func=ast.Name(OTHER_WORDS[name]))
        case ast.Call(func=ast.Attribute(attr="desc" | "distinct")):
            yield ast.unparse(node.func.value)  # type: ignore[attr-defined]
        case ast.Call(func=ast.Attribute(attr=attr)) if attr in CONDITIONS:
            for n in range(len(node.args)):
                yield _with(node, args=node.args[:n] + node.args[n + 1 :])
        case ast.comprehension():
            pass


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str | bytes))
        for side in (node.left, node.right)
    )


def _but(values: list[ast.expr], n: int, node: ast.BoolOp) -> ast.expr:
    """Leave out the `n`th of some conditions."""
    rest = values[:n] + values[n + 1 :]
    return rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _with(node: ast.expr, **changed: object) -> str:
    other = copy.copy(node)
    for name, value in changed.items():
        setattr(other, name, value)
    return ast.unparse(ast.fix_missing_locations(other))
