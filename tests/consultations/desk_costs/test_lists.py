"""Lists of the desk: counted as they are listed, paged by key, in their order."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from pst import clock
from pst.accounts.users import User
from pst.consultations.desk.worklist import worklist
from pst.consultations.desk.worklist.rows import Selection, ids_of
from pst.consultations.desk.worklist.sections import USUAL, Filters, Section
from pst.consultations.desk.worklist.worklist import Worklist
from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.database import db
from tests import plans
from tests.consultations.desk_costs.steps import CLOSED
from tests.pages import Browser
from tests.postgresql import of_sqlite


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


@of_sqlite
@pytest.mark.parametrize("is_counted", [True, False])
def test_closed_ones_lie_in_their_order(
    app: Flask,
    busy: None,
    statements_run: list[tuple[str, object]],
    is_counted: bool,
) -> None:
    """So it is with what the planner counted, and without."""
    budi = Browser(app).log_in("budi")
    statements_run.clear()
    budi.get("/petugas?keadaan=selesai")
    ((text, values),) = [
        each for each in statements_run if "ORDER BY consultation.closed_at" in each[0]
    ]

    with app.app_context(), db.engine.connect() as connection:
        if not is_counted:
            connection.exec_driver_sql("DELETE FROM sqlite_stat1")
            connection.exec_driver_sql("ANALYZE sqlite_schema")
        steps = plans.plan(connection, text, values)

    assert not [step for step in steps if "ORDER BY" in step], steps


def is_counting_closed(text: str) -> bool:
    return "count(" in text and "consultation" in text and "<> 'closed'" not in text


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
