"""The nightly run takes over what a server of ours lists."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from pst import clock, lamps
from pst.catalogue import documents
from pst.catalogue.states import ItemKind
from pst.catalogue.web_service import nightly, run_setup
from pst.catalogue.web_service.lists import LISTS, Domain
from pst.catalogue.web_service.source_rows import CatalogueRun
from pst.database import db, transaction
from pst.search import engine
from pst.search.storage import sources, store
from pst.webapi import client as webapi
from pst.webapi.source import CatalogueSource, client
from tests.catalogue.steps import items, run, run_of
from tests.catalogue_server import CatalogueServer

At = Callable[[str], None]


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
    query = server.asked("data")[0]
    assert query["th"] == ";".join(str(year) for year in range(115, 126))


def test_a_row_that_stands_on_two_pages_is_one_item(server: CatalogueServer):
    server.lists["publication"].insert(12, server.lists["publication"][3])
    run()

    assert len(items("publication")) == 25


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
    count = len(server.requests)
    at("2026-03-03 01:01+07:00")
    nightly.fetch_catalogue()
    assert len(server.requests) == count, "what is done is not done again"

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
