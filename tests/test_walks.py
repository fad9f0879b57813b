"""What `docs/architecture.md` names in the code is there, under that very name."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.processes import ROOT

TEXT = (ROOT / "docs" / "architecture.md").read_text()
HOUSE = ROOT / "pst"
QUOTED = set(re.findall(r"`([^`\n]+)`", TEXT))
PLACE = re.compile(r"[\w/]+\.py:\w+")
FILE = re.compile(r"[\w/]+\.py")
MEMBER = re.compile(r"(\w+)\.(\w+)(?:\(.*\))?")
FUNCTION = re.compile(r"(\w+)\(.*\)")


def named(pattern: re.Pattern[str]) -> list[str]:
    return sorted(name for name in QUOTED if pattern.fullmatch(name))


@cache
def names_in(path: Path) -> frozenset[str]:
    """Return all functions, classes and constants that a file defines."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {t.id for t in node.targets if isinstance(t, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return frozenset(names)


@cache
def classes() -> dict[str, tuple[set[str], list[str]]]:
    """Return the members and the bases of every class, by its name."""
    by_name: dict[str, tuple[set[str], list[str]]] = {}
    for path in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                members, bases = by_name.setdefault(node.name, (set(), []))
                members |= {n.name for n in node.body if isinstance(n, ast.FunctionDef)}
                bases += [getattr(base, "id", "") for base in node.bases]
    return by_name


def has_member(owner: str, member: str) -> bool:
    members, bases = classes().get(owner, (set(), []))
    return member in members or any(has_member(base, member) for base in bases)


def files_called(name: str) -> list[Path]:
    """Return the files that end so, below the house or next to it."""
    whole = [ROOT / name, HOUSE / name]
    return [p for p in whole if p.exists()] or sorted(HOUSE.rglob(name))


@pytest.mark.parametrize("name", named(FILE))
def test_a_file_is_there(name: str):
    assert files_called(name), name


@pytest.mark.parametrize("place", named(PLACE))
def test_a_place_in_a_file_is_there(place: str):
    file, _, name = place.partition(":")

    assert any(name in names_in(path) for path in files_called(file)), place


@pytest.mark.parametrize("name", named(MEMBER))
def test_a_member_is_there(name: str):
    owner, member = MEMBER.fullmatch(name).groups()  # type: ignore[union-attr]
    if owner[0].isupper():
        assert has_member(owner, member), name
    elif member == "html":
        assert list((HOUSE / "templates").rglob(name)), name
    elif member != "py":
        files = HOUSE.rglob(f"{owner}.py")
        assert any(member in names_in(path) for path in files), name


@pytest.mark.parametrize("name", named(FUNCTION))
def test_a_function_is_there(name: str):
    wanted = FUNCTION.fullmatch(name)[1]  # type: ignore[index]

    assert any(wanted in names_in(path) for path in HOUSE.rglob("*.py")), name


def test_every_package_has_a_line():
    packages = {path.parent.name for path in HOUSE.glob("*/__init__.py")}

    assert not {name for name in packages if f"`{name}/" not in TEXT}
