"""The files of the house, read for the rules that hold for all of them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.processes import ROOT

HOUSE = ROOT / "pst"
FILES = sorted(HOUSE.rglob("*.py"))
PROGRAMS = sorted([*ROOT.glob("*.py"), *ROOT.glob("bin/*.py")])
TOOLS = sorted([*ROOT.glob("bench/*.py"), *ROOT.glob("deploy/**/*.py")])
TESTS = sorted(ROOT.glob("tests/**/*.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


@cache
def tree_of(path: Path) -> ast.Module:
    """Return what a file says; each is read once for all rules, which only look."""
    return ast.parse(path.read_text())


def trees(files: list[Path] = FILES) -> Iterator[tuple[Path, ast.Module]]:
    for path in files:
        yield path, tree_of(path)


def functions(files: list[Path] = FILES) -> Iterator[tuple[str, Function]]:
    for path, tree in trees(files):
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield f"{name_of(path)}.{node.name}", node


def imported(path: Path, tree: ast.Module, names: set[str]) -> set[str]:
    """Return the modules of the house that a file imports, in any way."""
    here = name_of(path)
    base = here.split(".") if path.name == "__init__.py" else here.split(".")[:-1]
    targets = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = base[: len(base) - node.level + 1] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                full = f"{source}.{alias.name}"
                targets.add(full if full in names else source)
        elif isinstance(node, ast.Call) and "import_module" in ast.unparse(node.func):
            targets |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
    return targets & names - {here}


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that import each other (Tarjan)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for target in graph[name]:
            if target not in index:
                visit(target)
                low[name] = min(low[name], low[target])
            elif target in stack:
                low[name] = min(low[name], index[target])
        if low[name] == index[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                groups.append(sorted(group))

    for name in graph:
        if name not in index:
            visit(name)
    return groups
