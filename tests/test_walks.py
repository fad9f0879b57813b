"""What `docs/architecture.md` names in the code is there, and its walks go as told."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.house_files import tree_of
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
    for node in ast.walk(tree_of(path)):
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
        for node in ast.walk(tree_of(path)):
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


# The arrows of the six walks: what stands before each one leads to what stands after.
ARROWS = [
    (1, "consultations/views.py:say", "take"),
    (1, "consultations/views.py:say", "consultation.say"),
    (1, "consultations/views.py:say", "commit"),
    (1, "consultations/views.py:say", "done"),
    (1, "consultations/verbs/talking.py:say", "_repeat"),
    (1, "consultations/verbs/talking.py:_say_as_user", "Message.written"),
    (1, "web/responses.py:done", "303"),
    (1, "web/responses.py:done", "HX-Trigger"),
    (1, "consultations/views.py:messages", "Thread"),
    (1, "consultations/conversation/polling.py:init_app", "IdlePoll"),
    (2, "feedback/views.py:leave", "Rating.leave"),
    (2, "feedback/models.py:leave", "_follow_up_if_low"),
    (2, "feedback/models.py:_follow_up_if_low", "FollowUp.open"),
    (2, "feedback/follow_ups/models.py:open", "low_rating"),
    (2, "outbox/models.py:put", "later"),
    (2, "outbox/jobs.py:deliver_one", "due.take"),
    (2, "outbox/jobs.py:deliver_one", "line.send"),
    (2, "outbox/jobs.py:_note_sent", "mark_sent"),
    (2, "timetable.py", "deliver_due"),
    (3, "consultations/desk/views.py:mark", "consultation.mark"),
    (3, "consultations/verbs/talking.py:mark", "is_flagged"),
    (3, "knowledge/editor/views.py:new", "drafting.Material"),
    (3, "knowledge/editor/views.py:create", "Article.draft"),
    (3, "knowledge/models.py:publish", "findings"),
    (3, "knowledge/models.py:publish", "store.change"),
    (3, "knowledge/models.py:publish", "engine.write"),
    (3, "search/storage/store.py:change", "write"),
    (4, "consultations/models.py:ask", "_file"),
    (4, "consultations/models.py:_file", "_begin_turn"),
    (4, "consultations/verbs/owing.py:_begin_turn", "Turn.begun"),
    (4, "consultations/service_level/turns.py:begun", "deadlines.due_at"),
    (4, "consultations/service_level/deadlines.py:due_at", "calendar"),
    (4, "office/calendar.py:due_at", "end_of_service"),
    (4, "consultations/verbs/talking.py:_say_as_officer", "_hear_officer"),
    (4, "consultations/verbs/owing.py:_hear_officer", "finish"),
    (4, "consultations/verbs/owing.py:_hear_user", "_begin_turn"),
    (4, "consultations/verbs/owing.py:_is_thanks", "thanks.is_only_thanks"),
    (4, "consultations/verbs/service_clock.py:ask_clarity", "turn.ask_clarity"),
    (4, "consultations/service_level/turns.py:ask_clarity", "Clarity"),
    (4, "consultations/verbs/service_clock.py:mark_clear", "note_clear"),
    (4, "consultations/service_level/turns.py:note_clear", "deadlines.put_off"),
    (4, "consultations/service_level/turns.py:is_late", "due_at"),
    (4, "consultations/service_level/deadline_shift.py:moves", "deadlines.due_at"),
    (4, "consultations/service_level/deadline_shift.py:move_all", "move_due"),
    (5, "timetable.py", "warn_silent"),
    (5, "timetable.py", "close_silent"),
    (5, "consultations/jobs.py:warn_silent", "silent_ids"),
    (5, "consultations/jobs.py:warn_silent", "warn_of_closing"),
    (5, "consultations/jobs.py:close_silent", "silent_ids"),
    (5, "consultations/jobs.py:close_silent", "transaction"),
    (5, "consultations/jobs.py:close_silent", "is_silent"),
    (5, "consultations/jobs.py:_close_or_wait", "held_why"),
    (5, "consultations/jobs.py:_close_or_wait", "reason_of_silence"),
    (5, "consultations/verbs/ending.py:close", "_move"),
    (5, "consultations/verbs/ending.py:close", "_mail_closing"),
    (5, "consultations/verbs/row.py:_move", "_happened"),
    (5, "consultations/verbs/row.py:_move", "audit.record"),
    (6, "timetable.py", "draft_monthly"),
    (6, "reports/jobs.py:draft_monthly", "Report.draft"),
    (6, "reports/views.py:draft", "Report.draft"),
    (6, "reports/queries.py:_live_figures", "Figures"),
    (6, "reports/views.py:write", "report.write"),
    (6, "reports/views.py:send", "let_others_write"),
    (6, "reports/views.py:send", "pdf"),
    (6, "reports/models.py:send", "fingerprint"),
    (6, "reports/report_row.py:_mail_head", "report_sent"),
    (6, "reports/deciding.py:approve", "approved_letter"),
    (6, "reports/models.py:approve", "approval.seal"),
    (6, "reports/models.py:hand_back", "report_returned"),
    (6, "reports/authenticity.py", "/sah"),
]


def texts_of(place: str) -> list[str]:
    """Return the source of a file, or of the functions in it that are called so."""
    file, _, name = place.partition(":")
    source = (HOUSE / file).read_text()
    return [source][bool(name) :] + [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]


@pytest.mark.parametrize(("walk", "place", "leads_to"), ARROWS)
def test_a_step_of_a_walk_leads_to_the_next(walk: int, place: str, leads_to: str):
    step = re.compile(rf"(?<!\w){re.escape(leads_to)}(?!\w)")
    texts = texts_of(place)

    assert any(step.search(text) for text in texts), f"walk {walk}: {place}"


def test_each_walk_has_its_steps():
    numbers = re.findall(r"^### (\d+)\. ", TEXT, re.MULTILINE)

    assert {int(number) for number in numbers} == {walk for walk, _, _ in ARROWS}


@pytest.mark.parametrize(
    "route", sorted(set(re.findall(r"`(?:GET|POST) …(/\w+)`", TEXT)))
)
def test_an_address_of_a_walk_is_one(route: str):
    sources = [path.read_text() for path in HOUSE.rglob("*.py")]

    assert any(f'{route}"' in source for source in sources), route
