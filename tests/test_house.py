"""The house rules that a reader relies on: sizes, names, one way down, plain words."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house_files import (
    FILES,
    HOUSE,
    PROGRAMS,
    TESTS,
    TOOLS,
    Function,
    circles,
    functions,
    imported,
    name_of,
    trees,
)
from tests.processes import ROOT

MAX_FILE_LINES, MAX_FUNCTION_LINES = 250, 30
MAX_ROOT_MODULES, MAX_FOLDER_MODULES = 16, 15
OPENINGS = re.compile(r"(Tell|Say whether|Say |Have |Owe )")
NOUNS = re.compile(
    r"(The|An?|How|In|Of|What|When|Which|Where|Who|Why|Each|Every|All|One|No|\*\w+)\b"
)
# A local says what it holds, not what happened to it.
PARTICIPLES = {
    *("asked", "found", "gone", "kept", "known", "made"),
    *("meant", "said", "seen", "shown", "told", "typed"),
    *("broken", "compared", "ended", "excluded", "expected", "failed"),
    *("given", "left", "matched", "named", "passed"),
    *("sent", "spent", "spoken", "taken", "touched", "used"),
    *("added", "allowed", "begun", "changed", "chosen", "cleaned", "closed"),
    *("copied", "described", "done", "drawn", "dropped", "erased", "filled"),
    *("fixed", "folded", "grown", "held", "hidden", "listed", "lost", "marked"),
    *("measured", "merged", "needed", "noted", "offered", "opened", "owed"),
    *("placed", "planned", "pressed", "published", "replaced", "sealed", "served"),
    *("signed", "sized", "skipped", "started", "stopped", "unpacked", "waited"),
    *("checked", "corrected", "counted", "joined", "linked", "moved", "ordered"),
    *("ranked", "stored", "wanted"),
}
# Nor does the name of a function, or of what it takes, leave open what it is.
RIDDLES = {
    *("asked", "chosen", "found", "given", "kept", "known", "left", "made", "meant"),
    *("named", "said", "shown", "taken", "told", "typed", "wanted"),
}
# Of the tests, those in these folders follow both rules.
NOUN_FOLDERS = {
    *("accounts", "catalogue", "classifications", "feedback", "front", "knowledge"),
    *("office", "outward", "province", "push", "regions", "search"),
    *("single_sign_on",),
}
OLD_WORDS = re.compile(
    r"\b(nobody|somebody|whoever|anew|meanwhile|anybody|whatever|beside|henceforth"
    r"|thereof|likewise)\b",
    re.IGNORECASE,
)
QUESTION = re.compile(r"(is|has|can|may|needs|expects|wants)_")


def test_no_file_holds_two_ideas():
    long = {
        name_of(path): lines
        for path in FILES
        if (lines := path.read_text().count("\n")) > MAX_FILE_LINES
    }

    assert not long


def test_no_function_has_parts_without_a_name():
    lengths = {name: node.end_lineno - node.lineno + 1 for name, node in functions()}

    assert not {n: size for n, size in lengths.items() if size > MAX_FUNCTION_LINES}


def test_the_first_folder_is_seen_at_once():
    modules = [path for path in HOUSE.glob("*.py") if path.name != "__init__.py"]

    assert len(modules) <= MAX_ROOT_MODULES, sorted(path.name for path in modules)


def test_no_folder_is_two():
    modules = Counter(name_of(path.parent) for path in FILES if path.stem != "__init__")
    del modules["pst"]

    assert not {name: n for name, n in modules.items() if n > MAX_FOLDER_MODULES}


def test_docstrings_open_as_pep_257_has_them():
    wrong = [
        name
        for name, node in functions(FILES + PROGRAMS + TOOLS + TESTS)
        if OPENINGS.match(ast.get_docstring(node) or "")
    ]

    assert not wrong


def is_attribute(node: Function) -> bool:
    return any("property" in ast.unparse(mark) for mark in node.decorator_list)


def test_docstrings_say_what_a_function_does():
    """A property may be described as what it is; a question begins with *Return*."""
    wrong = [
        name
        for name, node in functions()
        if (text := ast.get_docstring(node) or "").startswith("Whether ")
        or (NOUNS.match(text) and not is_attribute(node))
    ]

    assert not wrong


def noun_tests() -> list[Path]:
    return [p for p in TESTS if NOUN_FOLDERS & {*p.relative_to(ROOT).parts}]


def test_locals_are_nouns():
    wrong = [
        f"{name}: {node.id}"
        for name, function in functions(FILES + PROGRAMS + TOOLS + noun_tests())
        for node in ast.walk(function)
        if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Store)
        and node.id in PARTICIPLES
    ]

    assert not wrong


def parameters(node: Function) -> set[str]:
    return {each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg)}


def test_functions_and_their_parameters_say_what_they_are():
    wrong = [
        f"{name}: {', '.join(sorted(riddles))}"
        for name, node in functions(FILES + PROGRAMS + TOOLS + noun_tests())
        if (riddles := RIDDLES & {node.name.lstrip("_"), *parameters(node)})
    ]

    assert not wrong


def test_no_call_folds_its_arguments_to_keep_a_line_short():
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path, tree in trees(FILES + PROGRAMS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for argument in node.args
        if isinstance(argument, ast.Starred)
        and isinstance(argument.value, ast.Tuple | ast.List)
    ]

    assert not wrong


def test_the_words_are_of_today():
    old = {
        name_of(path): words
        for path in FILES + PROGRAMS + TOOLS + TESTS
        if path.name != "test_house.py"
        if (words := OLD_WORDS.findall(path.read_text()))
    }

    assert not old


def test_no_files_import_each_other():
    files = [*FILES, *PROGRAMS, *ROOT.glob("deploy/*/*.py")]
    names = {name_of(path) for path in files}
    graph: dict[str, set[str]] = defaultdict(set)
    for path, tree in trees(files):
        graph[name_of(path)] = imported(path, tree, names)

    assert not circles(graph)


def test_a_question_without_an_argument_is_a_property():
    """A forgotten `()` in a template is always true."""
    wrong = []
    for path, tree in trees():
        for owner in ast.walk(tree):
            if not isinstance(owner, ast.ClassDef):
                continue
            for node in owner.body:
                if (
                    isinstance(node, ast.FunctionDef)
                    and QUESTION.match(node.name)
                    and [arg.arg for arg in node.args.args] == ["self"]
                    and not (node.args.kwonlyargs or node.args.vararg)
                    and not node.decorator_list
                ):
                    wrong.append(f"{name_of(path)}.{owner.name}.{node.name}")

    assert not wrong


def blueprints() -> Iterator[tuple[Path, str]]:
    for path, tree in trees():
        for node in ast.walk(tree):
            called = getattr(getattr(node, "func", None), "id", "")
            if isinstance(node, ast.Call) and called == "Blueprint":
                yield path, ast.literal_eval(node.args[0])


@pytest.mark.parametrize(("path", "blueprint"), [*blueprints()])
def test_a_blueprint_is_called_as_its_module(path: Path, blueprint: str):
    """`views` and `blueprint` are called as their package, `x_views` serves `x`."""
    package = path.parent.name
    stem = package if path.stem in ("views", "blueprint") else path.stem

    assert blueprint in (stem, stem.removesuffix("_views"))


def test_one_place_asks_whether_htmx_is_there():
    asking = re.compile(r"HTTP_HX_REQUEST\b|get\(\"HX-Request\"|request\.htmx\b")
    files = [path for path in FILES if asking.search(path.read_text())]

    assert files == [HOUSE / "web" / "responses.py"]


def test_no_test_module_takes_from_another():
    """What several need stands in `tests/steps.py`, `pages.py` and their like."""
    taking = re.compile(r"^from tests(?:\.\w+)*\.test_", re.MULTILINE)
    modules = (ROOT / "tests").rglob("*.py")

    assert not [path.name for path in modules if taking.search(path.read_text())]
