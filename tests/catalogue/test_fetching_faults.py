"""Every fault of a source that was seen, and what the nightly run makes of it."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from pst import lamps
from pst.catalogue.models import CatalogueValue
from pst.database import db
from pst.lamps import Level
from tests.catalogue.steps import NOTHING, items, run, run_of
from tests.catalogue_server import CatalogueServer, answered, found, publications
from tests.web_server import Answer

At = Callable[[str], None]
EMPTY: list[Any] = [{"page": 1, "pages": 0, "total": 0}, []]


@pytest.mark.parametrize("nothing", [NOTHING, NOTHING | {"data": EMPTY}])
def test_nothing_there_is_no_fault(server: CatalogueServer, nothing: dict[str, Any]):
    server.faults["pressrelease"] = lambda: answered(nothing)
    run()

    assert (run_of("pressrelease").items, run_of("pressrelease").fault) == (0, "")


FAULTS: dict[str, Callable[[], Answer]] = {
    "an error inside OK": lambda: answered({"status": "Error", "message": "Ada salah"}),
    "a page that is refused": lambda: Answer(b"<html>Forbidden</html>", 403),
    "a server in trouble": lambda: Answer(b"Internal Server Error", 500),
    "a server that hangs": lambda: Answer(hangs=True),
    "an answer that is cut off": lambda: Answer(b"{" * 900, cut=300),
    "a page of another kind": lambda: Answer(b"<html></html>"),
    "half an object": lambda: Answer(b'{"status":"OK","data":[{"page":1,'),
    "a list instead of an object": lambda: answered([1, 2]),
    "data of another shape": lambda: answered({"status": "OK", "data": {"a": 1}}),
    "rows that are none": lambda: answered(found([1, None, "a"] * 10)),
    "rows without ids": lambda: answered(found([{"title": "Tanpa pengenal"}] * 8)),
    "fewer rows than there are": lambda: answered(
        {
            "status": "OK",
            "data": [{"page": 1, "pages": 1, "total": 25}, [publications()[0]]],
        }
    ),
    "a maze of brackets": lambda: Answer(b"[" * 100_000),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_list_with_a_fault_changes_nothing(
    server: CatalogueServer, at: At, fault: str
):
    run()
    before = {item.source_id: item.title for item in items("publication")}
    at("2026-03-03 02:00+07:00")
    server.lists["publication"] = publications(30)
    page = 1 if fault == "fewer rows than there are" else 2
    server.faults[f"publication/{page}"] = FAULTS[fault]
    run()

    assert {item.source_id: item.title for item in items("publication")} == before
    assert not any(item.is_gone for item in items("publication"))
    assert run_of("publication").fault
    assert lamps.by_name()["catalogue"].level is Level.WARN
    assert lamps.by_name()["catalogue"].value == "9901/publication"
    assert not run_of("var").fault, "the other lists go on"


def test_wrong_types_in_a_row_are_no_fault(server: CatalogueServer):
    odd = {"pub_id": 12, "title": 2024, "abstract": ["a"], "rl_date": 20240131}
    server.lists["publication"] = [*publications(), odd | {"pdf": None, "size": {}}]
    run()

    item = items("publication")[-1]
    assert (item.source_id, item.title, item.abstract) == ("12", "2024", "")
    assert item.released_on is None


def test_one_bad_row_among_many_is_left_out_and_counted(server: CatalogueServer):
    server.lists["publication"] = [*publications(), {"pub_id": "x", "title": ""}]
    run()

    assert (run_of("publication").items, run_of("publication").skipped) == (25, 1)


def test_a_busy_server_is_asked_again(server: CatalogueServer):
    answers = iter([Answer(b"", 503), Answer(b"", 429)])
    server.faults["publication/1"] = lambda: next(
        answers, answered(found(publications(), 1))
    )
    run()

    assert len(items("publication")) == 25


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (404, {"error": "UserNotFound"}),
        (200, {"status": "Error", "message": "Parameter key is missing"}),
    ],
)
def test_a_key_that_is_refused_ends_the_run_and_turns_the_lamp(
    server: CatalogueServer, status: int, content: dict[str, str]
):
    server.faults["publication"] = lambda: answered(content, status)
    run()

    assert run_of("publication").fault.startswith("bad_key")
    assert not server.asked("pressrelease"), "the rest is not asked with that key"
    assert lamps.by_name()["catalogue"].level is Level.WARN


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        ("data", Answer(b"", 500)),
        ("data", answered(NOTHING)),
        ("data", answered({"status": "OK", "datacontent": {}})),
        ("th", answered(NOTHING)),
        ("th/2", answered(NOTHING)),
    ],
)
def test_figures_that_cannot_be_read_leave_those_there_are(
    server: CatalogueServer, at: At, place: str, fault: Answer
):
    run()
    count = db.session.scalar(sa.select(sa.func.count(CatalogueValue.id)))
    at("2026-03-03 02:00+07:00")
    server.faults[place] = lambda: fault
    run()

    assert db.session.scalar(sa.select(sa.func.count(CatalogueValue.id))) == count
