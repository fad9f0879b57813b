"""The nightly run against a server of ours, with every fault that was seen."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from pst import clock, lamps
from pst.catalogue import documents
from pst.catalogue.models import CatalogueItem, CatalogueValue
from pst.catalogue.states import ItemKind
from pst.catalogue.web_service import fetching, nightly, run_setup
from pst.catalogue.web_service.lists import LISTS, Domain
from pst.catalogue.web_service.source_rows import CataloguePage, CatalogueRun
from pst.database import db, transaction
from pst.lamps import Level
from pst.search import engine
from pst.search.storage import sources, store
from pst.webapi import client as webapi
from pst.webapi.source import CatalogueSource, client
from tests.catalogue_server import (
    CatalogueServer,
    answered,
    found,
    publications,
)
from tests.web_server import Answer

At = Callable[[str], None]


def run() -> None:
    nightly.run(clock.now())


def items(name: str) -> list[CatalogueItem]:
    query = sa.select(CatalogueItem).filter_by(list_name=f"9901/{name}")
    return list(db.session.scalars(query.order_by(CatalogueItem.id)))


def run_of(name: str) -> CatalogueRun:
    return db.session.get_one(CatalogueRun, f"9901/{name}")


def test_a_run_takes_over_every_list(server: CatalogueServer):
    run()

    kinds = {name: len(items(name)) for name in [each.name for each in LISTS]}
    assert kinds == {
        "publication": 25,
        "pressrelease": 1,
        "statictable": 1,
        "var": 2,
        "indicators": 1,
        "simdasi": 1,
    }
    assert not any(run_of(name).fault for name in kinds)
    assert lamps.by_name().get("catalogue") is None
    assert not sources.drift()


def test_texts_lose_their_marks_and_their_scripts(server: CatalogueServer):
    run()

    item = items("publication")[0]
    assert item.abstract == "Jumlah jiwa"
    assert item.title == "Kabupaten Contoh Dalam Angka 2001"
    assert (item.area, item.area_code) == ("Kabupaten Contoh", "9901")
    assert item.years == ["2001"]
    assert item.released_on == date(2001, 2, 28)
    assert item.file_address == "https://contohkab.bps.test/1.pdf"
    assert item.address == (
        "https://contohkab.bps.test/id/publication/2001/02/28/ab001/"
        "kabupaten-contoh-dalam-angka-2001.html"
    )


def test_an_address_that_is_no_web_address_is_left_out(server: CatalogueServer):
    run()

    assert items("pressrelease")[0].file_address == ""


def test_years_of_a_table_are_those_of_its_title_or_its_list(server: CatalogueServer):
    run()

    assert items("statictable")[0].year_list == [2015, 2016, 2017, 2018]
    assert items("simdasi")[0].year_list == [2015, 2016, 2017]


def test_figures_are_read_by_composed_keys(server: CatalogueServer):
    run()

    variable = items("var")[0]
    last = {
        (value.area, value.breakdown): value.value
        for value in variable.values()
        if value.year == 2025
    }
    assert last[("Kabupaten Contoh", "Jumlah")] == 3 * 210 + 125
    assert last[("Selasih", "Perempuan")] == 110 + 125
    assert len(last) == 9
    assert variable.last_year == 2025
    asked = server.asked("data")[0]
    assert asked["th"] == ";".join(str(year) for year in range(115, 126))


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


def test_a_row_that_stands_on_two_pages_is_one_item(server: CatalogueServer):
    server.lists["publication"].insert(12, server.lists["publication"][3])
    run()

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


EMPTY: list[Any] = [{"page": 1, "pages": 0, "total": 0}, []]
NOTHING = {"status": "OK", "data-availability": "not-available", "data": ""}


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


def test_the_service_is_asked_once_a_second(
    server: CatalogueServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(webapi, "PAUSE_S", 1.0)
    pauses: list[float] = []
    api, _ = client()
    api.sleep = pauses.append
    for number in (1, 2, 3):
        api.page("publication", "9901", number)

    assert len(pauses) == 2
    assert all(0.5 < pause <= 1 for pause in pauses)


def test_the_run_goes_on_at_night_and_when_an_admin_asks(
    server: CatalogueServer, at: At
):
    assert nightly.due_since() is None  # nine in the morning

    at("2026-03-03 01:00+07:00")
    assert nightly.due_since() == clock.now()
    nightly.fetch_catalogue()
    assert len(items("publication")) == 25
    asked = len(server.requests)
    at("2026-03-03 01:01+07:00")
    nightly.fetch_catalogue()
    assert len(server.requests) == asked, "what is done is not done again"

    at("2026-03-03 10:00+07:00")
    assert nightly.due_since() is None
    with transaction():
        source = CatalogueSource.current()
        assert source
        source.wanted_at = clock.now()
    assert nightly.due_since() == clock.now()


def test_without_a_key_nothing_is_asked(server: CatalogueServer, at: At):
    with transaction():
        db.session.execute(sa.delete(CatalogueSource))
    at("2026-03-03 01:00+07:00")
    nightly.fetch_catalogue()

    assert not server.requests
    assert not lamps.by_name().get("catalogue")


def test_items_are_found_by_the_search(server: CatalogueServer):
    run()

    answer = engine.search(store.reading(), "jml sekolah", documents.ITEM)
    assert [hit.title for hit in answer.hits] == ["Jumlah Sekolah"]


def test_two_domains_are_read_and_areas_kept_apart(server: CatalogueServer):
    with transaction():
        CatalogueSource.change("", ["9901", "9900"], None)
    run()

    assert db.session.get(CatalogueRun, "9900/publication")
    assert run_setup.setup().domains == [
        Domain("9901", "Kabupaten Contoh", "https://contohkab.bps.test"),
        Domain("9900", "Contoh", "https://c.bps.test"),
    ]


def test_kinds_follow_the_lists(server: CatalogueServer):
    run()

    kinds = {name: items(name)[0].kind for name in ("publication", "var", "indicators")}
    assert kinds == {
        "publication": ItemKind.PUBLICATION,
        "var": ItemKind.TABLE,
        "indicators": ItemKind.INDICATOR,
    }
