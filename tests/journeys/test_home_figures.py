"""The admin chooses which figures stand on the first page, through the pages alone."""

import re

import pytest
from flask import Flask

from pst.demo import catalogue
from pst.office import settings
from tests.journeys.conftest import Browser

PLACE = "/admin/pengaturan/angka-beranda"
TICKED = re.compile(r'name="item"\s+value="(\d+)"\s+checked')
OFFERED = re.compile(r'name="item"\s+value="(\d+)"\s*>')


@pytest.fixture
def andi(app: Flask) -> Browser:
    with app.app_context():
        catalogue.load()  # which chooses six of its own
    return Browser(app).log_in("andi")


def chosen(app: Flask) -> list[str]:
    with app.app_context():
        return settings.current().home_indicators.split(", ")


def test_figures_are_found_by_title_ticked_and_put_in_order(app: Flask, andi: Browser):
    six = TICKED.findall(andi.get(PLACE).text)
    assert six == chosen(app)
    keep = {"item": six[:2], f"order-{six[0]}": "5", f"order-{six[1]}": "2"}

    answer = andi.post(PLACE, {**keep, "q": "gini", "press": "cari"})
    assert answer.status_code == 200
    assert TICKED.findall(answer.text) == [six[1], six[0]], "no tick is lost"
    assert "Gini Rasio" in answer.text
    [gini, *_] = OFFERED.findall(answer.text)
    assert gini not in six
    assert chosen(app) == six, "to look is not to store"

    more = {**keep, "item": [*six[:2], gini], f"order-{gini}": "1", "press": "simpan"}
    assert andi.post(PLACE, more).status_code == 303
    assert chosen(app) == [gini, six[1], six[0]]
    home = Browser(app).get("/").text
    assert home.index("Gini Rasio") < home.index("Persentase Penduduk Miskin")
    assert home.count("data contoh") == 3


def test_more_than_six_are_refused_and_kept_on_the_screen(app: Flask, andi: Browser):
    six = chosen(app)
    page = andi.post(PLACE, {"item": six, "q": "gini", "press": "cari"}).text
    seven = [*six, OFFERED.findall(page)[0]]

    answer = andi.post(PLACE, {"item": seven, "press": "simpan"})

    assert answer.status_code == 422
    assert "Pilih paling banyak 6." in answer.text
    assert TICKED.findall(answer.text) == seven
    assert chosen(app) == six


def test_what_has_no_figure_is_not_stored(app: Flask, andi: Browser):
    ids = ["99999", "x", "9" * 40, chosen(app)[0]]

    assert andi.post(PLACE, {"item": ids, "press": "simpan"}).status_code == 303
    assert chosen(app) == [ids[-1]]
    andi.post(PLACE, {"press": "simpan"})
    assert chosen(app) == [""]
    assert "Belum ada angka di beranda." in andi.get(PLACE).text


def test_only_an_admin_chooses(app: Flask, andi: Browser):
    budi = Browser(app).log_in("budi")

    assert budi.get(PLACE).status_code == 403
    assert budi.post(PLACE, {"press": "simpan"}).status_code == 403
