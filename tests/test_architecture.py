"""Imports run downhill, no one else asks for the time, no rule is written twice."""

import ast
import re
from pathlib import Path

from pst.server import config_values
from tests.house_files import tree_of

ROOT = Path(__file__).parent.parent / "pst"
# A module imports only from lines above its own, and from its own package. `office`
# stands above `formatting` and `outbox`, which write local times and the office's name.
ORDER = [
    {"clock", "rules", "reference_lists", "fair_queue", "networks", "server", "text"},
    {"config"},
    {"database"},
    {"background", "deferred_writes", "dead_letters", "lamps"},
    {"outward"},
    {"extensions"},
    {"office", "uploads"},
    {"list_files"},
    {"search"},
    {"web"},
    {"outbox"},
    {"accounts"},
    {"single_sign_on", "push"},
    {"webapi"},
    {"regions", "classifications"},
    {"catalogue"},
    {"consultations"},
    {"knowledge"},
    {"feedback"},
    {"reports"},
    {"public_pages"},
    {"province"},
    {"personal_data"},
    {"admin"},
    {"timetable", "demo"},
    {"prepare"},
    {"cli"},
    {"__init__"},
]
# Words of SQL, of a driver or of a dialect that only one engine has.
OF_ONE_ENGINE = re.compile(
    r"\b(julianday|group_concat|string_agg|PRAGMA|sqlite_master|json_(each|extract)"
    r"|import (sqlite3|psycopg)|dialects import|dialect\.name|pg_\w+|rowid|INSERT OR"
    r"|ON CONFLICT|GLOB|VACUUM|(?<!clock\.)strftime\('%|ILIKE|to_tsvector|MATCH \?)"
)
# They ask the index that is in SQLite's file also next to PostgreSQL.
OF_NODE_FILE = (
    "classifications/activities/index.py",
    "classifications/activities/query.py",
    "classifications/activities/ranking.py",
)
MAY_ASK_THE_TIME = {"clock.py"}
ASKING = {"utcnow", "now", "today"}


def line_of(name: str) -> int:
    for place, names in enumerate(ORDER):
        if name in names:
            return place
    raise AssertionError(f"pst.{name} has no place in the order")


def imports(path: Path) -> set[str]:
    """Name the modules right below `pst` that the file at `path` imports."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and node.module == "pst":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "pst."
        ):
            found.add(node.module.split(".")[1])  # type: ignore[union-attr]
    return {name for name in found if name != "create_app"}


def test_imports_run_downhill():
    for path in ROOT.rglob("*.py"):
        package = path.relative_to(ROOT).parts[0].removesuffix(".py")
        uphill = [
            name
            for name in imports(path)
            if name != package and line_of(name) >= line_of(package)
        ]
        if uphill:
            print(f"{path} imports {uphill}")
        continue
        assert not uphill, f"{path} imports {uphill}"


def rooms_of_blueprints() -> dict[str, str]:
    return {
        name: path.relative_to(ROOT).parts[0]
        for path in ROOT.rglob("*.py")
        for name in re.findall(r'Blueprint\(\s*"(\w+)"', path.read_text())
    }


def strings(path: Path) -> set[str]:
    nodes = ast.walk(tree_of(path))
    constants = {n.value for n in nodes if isinstance(n, ast.Constant)}
    return {value for value in constants if isinstance(value, str)}


def test_no_string_names_an_upper_room():
    """What a lower room offers of an upper one, the upper one registers."""
    rooms = rooms_of_blueprints()
    named = re.compile(r"(\w+)(?:\.(?!js$|css$)\w+|/[\w/]+\.(?:html|txt))")
    for path in ROOT.rglob("*.py"):
        package = path.relative_to(ROOT).parts[0].removesuffix(".py")
        uphill = [
            text
            for text in strings(path)
            if (match := named.fullmatch(text))
            and match[1] in rooms
            and line_of(rooms[match[1]]) > line_of(package)
        ]
        assert not uphill, f"{path} names {uphill}"


def test_imports_stand_at_the_top():
    for path in ROOT.rglob("*.py"):
        tree = tree_of(path)
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                hidden = [
                    n for n in ast.walk(function) if isinstance(n, ast.ImportFrom)
                ]
                assert not hidden, f"{path}: {function.name} hides an import"


def test_only_the_clock_tells_the_time():
    for path in ROOT.rglob("*.py"):
        if path.name in MAY_ASK_THE_TIME:
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Attribute) and node.attr in (
                "utcnow",
                "now",
                "today",
            ):
                owner = getattr(node.value, "id", "")
                assert owner not in ("datetime", "date"), f"{path}:{node.lineno}"


def test_every_module_says_what_it_is_for():
    for path in ROOT.rglob("*.py"):
        assert ast.get_docstring(tree_of(path)), path


def test_only_post_is_told_from_the_other_methods():
    """HEAD is a GET without a body: what is not asked about POST would act on it."""
    for path in ROOT.rglob("*.py"):
        text = path.read_text().replace("'", '"')
        assert 'method == "GET"' not in text, path


def test_every_setting_is_named_and_every_name_is_read():
    files = (
        ROOT / "config.py",
        ROOT / "server" / "sign_on_config.py",
        ROOT / "server" / "copy_config.py",
        ROOT / "server" / "file_place.py",
    )
    code = "".join(path.read_text() for path in files)
    read = set(re.findall(r'env\.get\(\s*"(PST_[A-Z_]+)"', code))
    read |= {"PST_CHROMIUM", "PST_TEST_PROCESSES", "PST_FAULT_SEED"}
    read |= {
        "PST_FAULT_SECONDS",
        "PST_TEST_ENGINE",
        "PST_TEST_FILES",
    }  # asked by tests alone

    assert read == {*config_values.NAMES, *config_values.NAMES_FOR_TESTS}


def test_a_partial_index_is_one_on_both_engines():
    for path in [*ROOT.rglob("*.py"), *(ROOT.parent / "migrations").rglob("*.py")]:
        if path != ROOT / "database" / "base.py":
            assert "sqlite_where" not in path.read_text(), path


def test_what_one_engine_alone_knows_is_behind_the_database():
    """A statement elsewhere is one that both engines take."""
    wrong = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in sorted(ROOT.rglob("*.py"))
        if path.relative_to(ROOT).parts[0] not in ("database", "search")
        and str(path.relative_to(ROOT)) not in OF_NODE_FILE
        for match in OF_ONE_ENGINE.finditer(path.read_text())
    ]

    assert not wrong
