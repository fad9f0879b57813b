"""What the documents name is there: files, scripts, commands, sections."""

import os
import re
from pathlib import Path

import click
import pytest
from flask import Flask

from pst.public_pages.manuals import place

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s#]*)(#[^)\s]+)?\)")
SCRIPT = re.compile(r"(?<![\w./-])((?:bin|deploy)/[a-z]+)(?![\w./]*\.)\b")
FLASK = re.compile(
    r"(?:flask(?: --app wsgi)?|sudo pst) ([a-z][a-z-]*) ?([a-z][a-z-]*)?"
)
PATH = re.compile(r"`((?:pst|tests|docs|migrations|bench)/[\w./-]*)`")
# Commands of the server's own, next to those of the application.
OURS = {"status", "log", "start", "stop", "restart", "restore", "upgrade", "help"}
OURS |= {"offices", "restore-copy"}


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.name)
def document(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_links_lead_somewhere(document: Path):
    for target, anchor in LINK.findall(document.read_text()):
        path = document.parent / target if target else document
        assert path.exists(), f"{document.name}: {target}"
        if anchor:
            headings = re.findall(r"(?m)^#+ (.*)$", path.read_text())
            assert anchor[1:] in map(place, headings), f"{document.name}: {anchor}"


def test_scripts_are_there_and_run(document: Path):
    for name in set(SCRIPT.findall(document.read_text())):
        path = ROOT / name
        assert path.exists() and os.access(path, os.X_OK), f"{document.name}: {name}"


def test_paths_are_there(document: Path):
    for name in set(PATH.findall(document.read_text())):
        assert (ROOT / name).exists(), f"{document.name}: {name}"


TABLE = re.compile(r"## Where a line goes\n(.*?)\n## ", re.S)
PLACES = re.findall(
    r"`([\w/<>]+(?:/|\.\w+))`", TABLE.findall((ROOT / "CONTRIBUTING.md").read_text())[0]
)


@pytest.mark.parametrize("name", sorted(set(PLACES)))
def test_a_line_finds_its_place(name: str):
    """A bare name is one that features share; a path begins in `pst/` or above it."""
    pattern = re.sub(r"<\w+>", "*", name).rstrip("/")
    house = ROOT / "pst"

    if "/" in name:
        assert [*house.glob(pattern), *ROOT.glob(pattern)], name
    else:
        assert list(house.rglob(pattern)), name


def test_a_table_names_places():
    assert len(set(PLACES)) > 12


def test_commands_are_known(app: Flask, document: Path):
    for name, second in FLASK.findall(document.read_text()):
        if name in OURS:
            continue
        command = app.cli.commands.get(name) or {"db": click.Group()}.get(name)
        assert command, f"{document.name}: flask {name}"
        if isinstance(command, click.Group) and command.commands:
            assert second in command.commands, f"{document.name}: {name} {second}"
