"""The admin's screen of the sources: key, domains, a trial, a run, each list."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from pst.catalogue.web_service import nightly
from pst.catalogue.web_service.source_rows import CatalogueRun
from pst.database import db
from pst.server.outward_config import Outward
from pst.webapi import client as webapi
from pst.webapi.source import CatalogueSource
from tests.catalogue_server import KEY, CatalogueServer
from tests.journeys.conftest import Browser
from tests.people import PASSWORD
from tests.processes import HOST
from tests.web_server import Answer

PAGE = "/admin/sumber"


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(webapi, "PAUSE_S", 0)
    monkeypatch.setattr(webapi, "RETRY_PAUSES_S", ())
    with CatalogueServer() as server:
        app.config["PST"] = replace(
            app.config["PST"],
            webapi_url=server.url,
            outward=Outward(private_hosts=frozenset([HOST])),
        )
        yield server


@pytest.fixture
def andi(app: Flask, at: object, server: CatalogueServer) -> Browser:
    return Browser(app).log_in("andi")


def set_up(andi: Browser) -> None:
    answer = andi.post(PAGE, {"key": KEY, "domains": "9901, 9900"})
    assert answer.status_code == 303


def test_key_and_domains_are_kept_and_the_key_not_shown(andi: Browser, app: Flask):
    set_up(andi)

    page = andi.get(PAGE).text
    assert 'value="9901, 9900"' in page
    assert KEY not in page
    assert f"berakhir {KEY[-4:]}" in page
    assert "Sumber katalog diubah" in andi.get("/admin/audit").text


def test_an_empty_key_leaves_the_one_there_is(andi: Browser, app: Flask):
    set_up(andi)
    andi.post(PAGE, {"key": "", "domains": "9901"})

    with app.app_context():
        source = CatalogueSource.current()
        assert source and (source.key, source.domains) == (KEY, ["9901"])


@pytest.mark.parametrize("domains", ["", "abc", "33", "9901 9900 1 2", "1111," * 6])
def test_a_domain_that_is_none_is_refused_and_kept_in_the_field(
    andi: Browser, domains: str
):
    answer = andi.post(PAGE, {"key": KEY, "domains": domains})

    assert answer.status_code == 422
    assert domains.strip() in answer.text


def test_a_trial_shows_what_comes_and_stores_nothing(andi: Browser, app: Flask):
    answer = andi.post(f"{PAGE}/uji", {"key": KEY, "domains": "9901, 9900"})

    assert "25 publikasi" in answer.text
    assert "Kabupaten Contoh Dalam Angka 2001" in answer.text
    with app.app_context():
        assert CatalogueSource.current() is None


def test_a_trial_with_a_wrong_key_says_so(andi: Browser):
    answer = andi.post(f"{PAGE}/uji", {"key": "salah", "domains": "9901"})

    assert "Kunci ditolak." in answer.text


def test_the_screen_shows_how_each_list_fared(
    andi: Browser, app: Flask, server: CatalogueServer, at: Callable[[str], None]
):
    set_up(andi)
    andi.post(f"{PAGE}/pengambilan")
    with app.app_context():
        nightly.fetch_catalogue()
    page = andi.get(PAGE).text

    assert "Publikasi · Kabupaten Contoh" in page
    assert "25 butir" in page
    assert "25 baru, 0 berubah, 0 tidak lagi diterbitkan" in page


def test_a_shrunk_list_is_accepted_by_an_admin(
    andi: Browser, app: Flask, server: CatalogueServer, at: Callable[[str], None]
):
    set_up(andi)
    andi.post(f"{PAGE}/pengambilan")
    with app.app_context():
        nightly.fetch_catalogue()
    server.lists["publication"] = []
    at("2026-03-03 01:00+07:00")
    with app.app_context():
        nightly.fetch_catalogue()
    andi = Browser(app).log_in("andi")
    assert "Daftar menyusut jauh" in andi.get(PAGE).text

    at("2026-03-03 01:05+07:00")
    andi.post(f"{PAGE}/daftar/9901/publication/penerimaan")
    with app.app_context():
        nightly.fetch_catalogue()
        assert db.session.get_one(CatalogueRun, "9901/publication").gone == 25


def test_without_a_key_there_is_no_run_to_ask_for(andi: Browser):
    assert "Ambil sekarang" not in andi.get(PAGE).text
    assert andi.post(f"{PAGE}/pengambilan").status_code == 409


def test_a_key_needs_the_password_again_after_a_while(
    andi: Browser, at: Callable[[str], None]
):
    at("2026-03-02 10:30+07:00")
    answer = andi.post(PAGE, {"key": KEY, "domains": "9901"})

    assert answer.status_code == 403
    assert PASSWORD not in answer.text


@pytest.mark.parametrize("name", ["siti", "budi", "hasan"])
def test_no_one_but_an_admin_sees_it(app: Flask, at: object, name: str):
    assert Browser(app).log_in(name).get(PAGE).status_code == 403


def test_a_fault_of_one_list_turns_the_lamp_on_the_system_screen(
    andi: Browser, app: Flask, server: CatalogueServer
):
    set_up(andi)
    server.faults["statictable"] = lambda: Answer(b"Forbidden", 403)
    andi.post(f"{PAGE}/pengambilan")
    with app.app_context():
        nightly.fetch_catalogue()

    system = andi.get("/admin/sistem").text
    assert "Katalog BPS tidak dapat diperbarui seluruhnya" in system
    assert "9901/statictable" in system
