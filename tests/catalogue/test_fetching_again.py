"""A later run changes what changed, and lets nothing vanish by mistake."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from pst import clock
from pst.catalogue.web_service import fetching, nightly
from pst.catalogue.web_service.source_rows import CataloguePage
from pst.database import db, transaction
from tests.catalogue.steps import NOTHING, items, run, run_of
from tests.catalogue_server import CatalogueServer, answered, publications
from tests.web_server import Answer

At = Callable[[str], None]


def test_an_indicator_keeps_the_figures_of_earlier_periods(
    server: CatalogueServer, at: At
):
    run()
    later = {**server.lists["indicators"][0], "value": 9.1}
    server.lists["indicators"] = [later | {"periode": "Semester 2 (September) 2025"}]
    at("2026-03-03 02:00+07:00")
    run()

    values = items("indicators")[0].values()
    assert [(v.year, v.part, v.part_name, v.value) for v in values] == [
        (2025, 3, "Semester 1 (Maret)", 9.45),
        (2025, 9, "Semester 2 (September)", 9.1),
    ]


def test_a_second_run_changes_nothing(server: CatalogueServer, at: At):
    run()
    at("2026-03-03 02:00+07:00")
    run()

    publication = run_of("publication")
    assert (publication.items, publication.added, publication.changed) == (25, 0, 0)
    assert len(items("publication")) == 25


def test_a_row_in_the_place_of_another_lets_nothing_vanish(
    server: CatalogueServer, at: At
):
    run()
    server.lists["publication"][12] = server.lists["publication"][3]
    at("2026-03-03 02:00+07:00")
    run()

    assert not any(item.is_gone for item in items("publication"))
    assert not run_of("publication").fault


def test_a_last_page_with_nothing_lets_nothing_vanish(server: CatalogueServer, at: At):
    run()
    server.faults["publication/3"] = lambda: answered(NOTHING)
    at("2026-03-03 02:00+07:00")
    run()

    assert not any(item.is_gone for item in items("publication"))
    assert run_of("publication").fault == "bad_answer: nothing on page 3"


def test_what_vanished_is_kept_and_comes_back(server: CatalogueServer, at: At):
    run()
    server.lists["publication"] = publications()[1:]
    at("2026-03-03 02:00+07:00")
    run()

    assert [item.source_id for item in items("publication") if item.is_gone] == [
        "ab001"
    ]
    assert run_of("publication").gone == 1

    server.lists["publication"] = publications()
    at("2026-03-04 02:00+07:00")
    run()
    assert not any(item.is_gone for item in items("publication"))


def test_a_list_that_shrinks_by_much_is_not_believed(server: CatalogueServer, at: At):
    run()
    server.lists["publication"] = []
    at("2026-03-03 02:00+07:00")
    run()

    assert not any(item.is_gone for item in items("publication"))
    assert run_of("publication").fault == "shrunk: 0 of 25 items"
    assert run_of("publication").is_shrunk

    with transaction():
        run_of("publication").may_shrink = True
    at("2026-03-04 02:00+07:00")
    run()
    assert all(item.is_gone for item in items("publication"))


def test_a_run_broken_off_goes_on_where_it_stopped(server: CatalogueServer):
    def stop(name: str, number: int, of: int) -> None:
        if (name, number) == ("9901/publication", 2):
            raise fetching.TimeUp

    since = clock.now()
    with pytest.raises(fetching.TimeUp):
        nightly.run(since, stop)
    assert not items("publication")
    run_count = len(server.asked("publication"))
    nightly.run(since)

    pages = [query["page"] for query in server.asked("publication")[run_count:]]
    assert pages == ["3"]
    assert len(items("publication")) == 25
    assert not db.session.scalar(sa.select(sa.func.count(CataloguePage.page)))


def test_pages_of_another_day_are_fetched_again(server: CatalogueServer, at: At):
    def stop(name: str, number: int, of: int) -> None:
        raise fetching.TimeUp

    with pytest.raises(fetching.TimeUp):
        nightly.run(clock.now(), stop)
    at("2026-03-04 02:00+07:00")
    run()

    pages = [query["page"] for query in server.asked("publication")]
    assert pages == ["1", "1", "2", "3"]


def test_a_list_that_did_not_change_is_not_read(server: CatalogueServer, at: At):
    run()
    at("2026-03-03 02:00+07:00")
    server.faults["publication/1"] = lambda: Answer(status=304)
    run()

    assert run_of("publication").fault == ""
    assert run_of("publication").done_at == clock.now()
    headers = [r.headers for r in server.requests if "model=publication" in r.path]
    assert headers[-1]["if-modified-since"] == "Mon, 02 Mar 2026 02:00:00 GMT"
