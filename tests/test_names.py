"""One name for one thing: blueprints and their templates, fields of forms, folders."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.processes import ROOT

HOUSE = ROOT / "pst"
TEMPLATES = HOUSE / "templates"
SOURCES = {path: path.read_text() for path in sorted(HOUSE.rglob("*.py"))}
BLUEPRINT = re.compile(r"Blueprint\(\s*\"(\w+)\"")
RENDERED = re.compile(r"\"(\w+)/[\w/]+\.html\"")
# What any feature may take: pieces of pages, and the texts of mails.
SHARED = {"frame", "macros", "mails"}

MAX_FILES = 15

# A field is of the code, and the code is in English; what stands in an address is read
# by people: there a field is given another `name`.
ALSO_ENGLISH = {
    *("audit", "body", "color", "data", "email", "mail", "metadata", "recipient"),
    *("scheme", "nip", "redis", "silastik", "url"),
}
FIELD = re.compile(r"(?<![\w-])name=\"([^\"]*)\"")
ELSEWHERE = re.compile(
    r"<form(?![^>]*method=\"post\")[^>]*>.*?</form>|<(?:meta|iframe)[^>]*>", re.S
)
LABEL = re.compile(r"(?:[fF]ield|Optional)\(\s*\"([A-Z][^\"]*)\"")
HIDDEN_TEXT = re.compile(r"\{[{%#].*?[}%#]\}|<[^>]*>", re.S)


def blueprints() -> dict[Path, str]:
    return {
        path: match[1]
        for path, text in SOURCES.items()
        if (match := BLUEPRINT.search(text))
    }


def test_a_blueprint_shows_the_templates_of_its_own_folder():
    strange = {
        path.relative_to(HOUSE).as_posix(): folders
        for path, name in blueprints().items()
        if (folders := {*RENDERED.findall(SOURCES[path])} - {name})
    }

    assert not strange


def test_other_modules_show_the_templates_of_their_package():
    """They add views to its blueprint, or to that of the package around it."""
    known = {*blueprints().values(), *SHARED}
    for path in SOURCES.keys() - blueprints().keys():
        packages = set(path.relative_to(HOUSE).parts[:-1])
        for folder in set(RENDERED.findall(SOURCES[path])):
            assert folder in known and folder in packages | SHARED, path


def test_each_folder_of_templates_is_called_as_a_blueprint():
    folders = {path.name for path in TEMPLATES.iterdir() if path.is_dir()}

    assert folders - {*blueprints().values()} == SHARED


def sizes() -> Counter[str]:
    files = [*SOURCES, *(p for p in TEMPLATES.rglob("*") if p.is_file())]
    named = [path for path in files if path.name != "__init__.py"]
    return Counter(path.parent.relative_to(HOUSE).as_posix() for path in named)


def test_a_folder_is_seen_at_once():
    large = {
        folder: count
        for folder, count in sizes().items()
        if count > MAX_FILES and folder != "templates/mails"
    }

    assert not large


def indonesian() -> set[str]:
    """Return the words that people read on pages and in articles."""
    texts = [path.read_text() for path in (HOUSE / "data").rglob("*.md")]
    texts += [
        HIDDEN_TEXT.sub(" ", path.read_text()) for path in TEMPLATES.rglob("*.html")
    ]
    texts += [" ".join(LABEL.findall(text)) for text in SOURCES.values()]
    return {*re.findall(r"[a-z]+", " ".join(texts).lower())} - ALSO_ENGLISH


def posted_fields() -> set[str]:
    names = set()
    for path in TEMPLATES.rglob("*.html"):
        text = ELSEWHERE.sub("", path.read_text())
        names |= {re.sub(r"\{\{.*?\}\}", "", name) for name in FIELD.findall(text)}
    for text in SOURCES.values():
        names |= set(
            re.findall(r"request\.(?:form|files)\b\W*\w*\W+\"([\w-]+)\"", text)
        )
        for form in ast.walk(ast.parse(text)):
            if isinstance(form, ast.ClassDef):
                names |= fields_of(form)
    return names


def fields_of(form: ast.ClassDef) -> set[str]:
    return {
        target.id
        for node in form.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and re.search(r"[fF]ield\(", ast.unparse(node))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


def test_the_fields_of_forms_have_english_names():
    fields, words = posted_fields(), indonesian()

    assert len(fields) > 80
    assert not {f for f in fields if words & set(re.split(r"[_-]", f))}


@pytest.mark.parametrize("word", ["alasan", "petugas", "kode", "uraian"])
def test_the_words_of_the_pages_are_known(word: str):
    assert word in indonesian()


def test_limits_begin_with_max_or_min():
    other = re.compile(r"^((?:MOST|LEAST|LONGEST|SHORTEST)(?:_\w+)?)\b.* = ", re.M)
    odd = {
        path.name: names for path, t in SOURCES.items() if (names := other.findall(t))
    }

    assert not odd


def class_names() -> Counter[str]:
    return Counter(
        node.name
        for text in SOURCES.values()
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )


def test_a_name_of_a_class_stands_for_one_thing():
    names = class_names()

    assert len(names) > 500
    assert not {name for name, count in names.items() if count > 1}


def test_the_classes_of_the_glossary_are_there():
    table = (ROOT / "docs/glossary.md").read_text()
    terms = set(re.findall(r"`([A-Z][a-z]\w*)`", table))

    assert len(terms) > 20
    assert not terms - class_names().keys()
