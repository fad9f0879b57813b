"""What the desk costs: counts from what is open, pages by key, no table read whole."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from pst import clock
from pst.accounts.users import User
from pst.consultations.desk.worklist import worklist
from pst.consultations.desk.worklist.rows import Selection, ids_of
from pst.consultations.desk.worklist.sections import USUAL, Filters, Section
from pst.consultations.desk.worklist.worklist import PAGE_LENGTH, Worklist
from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.database import db, transaction
from pst.demo.office import BusyOffice
from tests import plans
from tests.conftest import fuller
from tests.pages import Browser
from tests.postgresql import of_sqlite

CLOSED = 3 * PAGE_LENGTH
ADDRESSES = (
    "/",
    "/petugas",
    "/petugas/daftar-kerja",
    "/petugas/hitungan",
    *(f"/petugas?keadaan={section}" for section in Section),
    "/petugas?keadaan=selesai&sesudah=KS-2026-000001",
    "/petugas?petugas=7",
)


@pytest.fixture(scope="module")
def starting_data(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A busy office, made once."""
    folder = tmp_path_factory.mktemp("busy")
    fuller(built, folder, make_busy)
    return folder


def make_busy(app: Flask) -> None:
    with app.app_context(), transaction():
        BusyOffice(opened=150, closed=CLOSED).make()
    with app.app_context(), transaction():
        # As the nightly job does it: the plans are those of an office in use.
        db.session.execute(sa.text("ANALYZE"))


@pytest.fixture
def busy(app: Flask, at: object) -> None:
    """An office at work: what `starting_data` holds, on its first morning."""


@pytest.fixture
def statements_run(app: Flask) -> Iterator[list[tuple[str, object]]]:
    """Gather the statements of the application."""
    statements: list[tuple[str, object]] = []

    def note(_c: object, _u: object, text: str, values: object, *_: object) -> None:
        statements.append((text, values))

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield statements
    sa.event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("filters", [Filters(), Filters(category=Category.DATA)])
@pytest.mark.parametrize("name", ["budi", "hasan"])
def test_sections_are_counted_as_they_are_listed(
    name: str, filters: Filters, app: Flask, busy: None, at: object
) -> None:
    at("2026-03-09 09:00+07:00")  # type: ignore[operator]
    with app.app_context():
        viewer = User.with_email(f"{name}@contoh.test")
        assert viewer is not None
        for officer_id in (None, viewer.id):
            chosen = Filters(category=filters.category, officer_id=officer_id)
            worklist = Worklist(viewer, chosen)
            listed = {section: number_of(worklist, section) for section in USUAL}

            assert {each: worklist.count(each) for each in USUAL} == listed
            assert listed[Section.OVERDUE] or officer_id


def number_of(worklist: Worklist, section: Section) -> int:
    chosen, length = worklist.filters, worklist.count(section) + 1
    selection = Selection(
        section,
        is_of_one=worklist.officer_id is not None,
        has_mine_only=chosen.officer_id is not None,
        filtered_by=tuple(chosen.values),
    )
    values = {"officer_id": worklist.officer_id, "now": clock.now(), **chosen.values}
    values |= {"length": length, "offset": 0}
    return len(ids_of(selection).rows(**values))


def test_closed_ones_are_paged_by_key(
    app: Flask, busy: None, statements_run: list[tuple[str, object]]
) -> None:
    budi = Browser(app).log_in("budi")
    with app.app_context():
        query = sa.select(Consultation.number).filter_by(state="closed")
        order = (Consultation.closed_at.desc(), Consultation.id.desc())
        rows = list(db.session.scalars(query.order_by(*order)))

    path: str | None = "/petugas?keadaan=selesai"
    listed: list[str] = []
    while path:
        statements_run.clear()
        page = budi.get(path).text
        listed += re.findall(r'href="/petugas/konsultasi/(KS-[\d-]+)#baru"', page)
        onward = re.search(r'href="([^"]+)"\s*>Berikutnya', page)
        path = onward[1].replace("&amp;", "&") if onward else None
        assert not [text for text, _ in statements_run if is_counting_closed(text)]

    assert listed == rows
    assert len(listed) >= CLOSED


def is_counting_closed(text: str) -> bool:
    return "count(" in text and "consultation" in text and "<> 'closed'" not in text


@of_sqlite
def test_no_growing_table_is_read_whole(
    app: Flask,
    busy: None,
    statements_run: list[tuple[str, object]],
    subtests: pytest.Subtests,
) -> None:
    budi = Browser(app).log_in("budi")
    for path in ADDRESSES:
        with subtests.test(path):
            statements_run.clear()
            assert budi.get(path).status_code == 200
            assert whole_readings(app, list(statements_run)) == []


def whole_readings(app: Flask, statements_run: list[tuple[str, object]]) -> list[str]:
    with app.app_context(), db.engine.connect() as connection:
        return [
            f"{step}: {text}"
            for text, values in statements_run
            if text.lstrip().startswith(("SELECT", "WITH"))
            for step in plans.full_scans(connection, text, values)
        ]


# With the BEGIN of each; more needs a reason.
MOST = {"/petugas": 13, "/petugas/daftar-kerja": 11, "/petugas?keadaan=selesai": 8}


@pytest.mark.parametrize("path", MOST)
def test_the_desk_asks_few_statements(
    path: str, app: Flask, busy: None, statements_run: list[tuple[str, object]]
) -> None:
    budi = Browser(app).log_in("budi")
    budi.get(path)

    statements_run.clear()
    assert budi.get(path).status_code == 200
    assert len(statements_run) <= MOST[path], [text for text, _ in statements_run]


def test_an_unchanged_list_is_not_counted_again(
    app: Flask, busy: None, statements_run: list[tuple[str, object]], at: object
) -> None:
    budi, rina = Browser(app).log_in("budi"), Browser(app).log_in("rina")
    path = "/petugas/daftar-kerja"

    def poll(browser: Browser, mark: str, query: str = "") -> int:
        statements_run.clear()
        headers = {"HX-Request": "true", "HX-PTag": mark}
        return browser.get(path + query, headers=headers).status_code

    mark = budi.get(path, headers={"HX-Request": "true"}).headers["HX-PTag"]
    assert poll(budi, mark) == 304
    assert statements_run, "the first time it is counted"

    assert poll(budi, mark) == 304
    assert not statements_run, "nothing was written since"
    for browser, tag, query in ((rina, mark, ""), (budi, "x", ""), (budi, mark, "?a")):
        poll(browser, tag, query)
        assert statements_run, "another person, page or list"

    at("2026-03-02 09:01+07:00")  # type: ignore[operator]
    poll(budi, mark)
    assert statements_run, "something may have become late"

    with app.app_context(), transaction():
        first = db.session.scalars(sa.select(Consultation).filter_by(state="queued"))
        first.first().claim(User.with_email("rina@contoh.test"))  # type: ignore[union-attr,arg-type]
    assert poll(budi, mark) == 200

    budi.post("/keluar")
    assert poll(budi, mark) in (302, 401)


def test_what_others_serve_is_paged_in_its_order(
    app: Flask,
    busy: None,
    statements_run: list[tuple[str, object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page full of what has a deadline asks for no more; then comes the rest."""
    monkeypatch.setattr(worklist, "PAGE_LENGTH", 5)
    with app.app_context():
        viewer = User.with_email("budi@contoh.test")
        assert viewer is not None
        first = Worklist(viewer, Filters(section=Section.OTHERS))
        total = first.count(Section.OTHERS)
        others = Selection(Section.OTHERS, is_of_one=True)
        values = {"officer_id": viewer.id, "now": clock.now(), "offset": 0}
        order = [id for (id,) in ids_of(others).rows(**values, length=total + 1)]
        assert len(order) == total

        listed: list[int] = []
        statements_each = set()
        for page in range(1, total // 5 + 2):
            statements_run.clear()
            rows = Worklist(viewer, first.filters, page=page).rows(Section.OTHERS)
            listed += [row.id for row in rows]
            statements_each.add(len(statements_run))

    assert listed == order
    assert len(statements_each) > 1


@of_sqlite
def test_long_sections_are_ordered_from_indexes_alone(
    app: Flask, busy: None, statements_run: list[tuple[str, object]]
) -> None:
    budi = Browser(app).log_in("budi")

    statements_run.clear()
    for section in (Section.TO_ANSWER, Section.OTHERS):
        budi.get(f"/petugas?keadaan={section}&hal=2")

    by_deadline = "turn.consultation_id IS NULL, turn.due_at IS NULL, turn.due_at"
    ordered = [each for each in statements_run if by_deadline in each[0]]
    assert len(ordered) == 2
    with app.app_context(), db.engine.connect() as connection:
        for text, values in ordered:
            steps = plans.plan(connection, text, values)
            read = [step for step in steps if step.startswith(("SEARCH", "SCAN"))]
            assert all("COVERING INDEX" in step for step in read), steps
