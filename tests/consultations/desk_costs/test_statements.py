"""How few statements the desk asks, and that none reads a growing table whole."""

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.accounts.users import User
from pst.consultations.desk.worklist.sections import Section
from pst.consultations.models import Consultation
from pst.database import db, transaction
from tests import plans
from tests.pages import Browser
from tests.postgresql import of_sqlite

ADDRESSES = (
    "/",
    "/petugas",
    "/petugas/daftar-kerja",
    "/petugas/hitungan",
    *(f"/petugas?keadaan={section}" for section in Section),
    "/petugas?keadaan=selesai&sesudah=KS-2026-000001",
    "/petugas?petugas=7",
)


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
