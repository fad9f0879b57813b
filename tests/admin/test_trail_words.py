"""Everything in the trail is said in words on its screen."""

import ast
from collections.abc import Iterator
from pathlib import Path

from flask import render_template_string

from pst.consultations.messages import Event
from pst.feedback.follow_ups.entries import Step
from pst.reports.states import ReportState

ROOT = Path(__file__).parent.parent.parent / "pst"
MAIL_KIND = "{% from 'admin/_words.html' import mail_kind %}{{ mail_kind(code) }}"
ACT = "{% from 'admin/_words.html' import act %}{{ act(code) }}"
# Entries of a conversation that no audit record stands for.
ONLY_ENTRIES = {Event.ASKED, Event.WARNED, Event.RECORDED}


def actions() -> Iterator[str]:
    """Find what is recorded: the first word of every `record(…)` in the code."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if name in ("record", "_record") and isinstance(first, ast.Constant):
                yield str(first.value)
    yield from (event.value for event in set(Event) - ONLY_ENTRIES)
    yield from (f"follow_up_{step.value}" for step in Step)
    yield from (f"report_{state.value}" for state in ReportState)


def test_every_act_has_words_of_its_own(context):
    found = set(actions())
    assert len(found) > 60

    wordless = {
        code
        for code in found
        if render_template_string(ACT, code=code).strip()
        == code.replace("_", " ").capitalize()
    }
    assert wordless == set()


def test_every_mail_has_words_of_its_own(context):
    folder = ROOT / "templates" / "mails"
    kinds = {path.stem for path in folder.glob("[!_]*.txt")}
    assert len(kinds) > 30

    wordless = {
        kind
        for kind in kinds
        if render_template_string(MAIL_KIND, code=kind).strip()
        == kind.replace("_", " ").capitalize()
    }

    assert not wordless
