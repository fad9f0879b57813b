"""The changes of one place that a tired hand makes in a function."""

import ast
import copy
from collections.abc import Iterator
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
