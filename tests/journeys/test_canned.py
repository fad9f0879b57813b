"""Canned answers: those a new office begins with, and what their fields become."""

import json
import re

import pytest
from flask import Flask

from pst.consultations.answers.canned import FIELDS, STARTER, CannedAnswer
from pst.database import transaction
from pst.web.formats.placeholders import PLACE
from tests.journeys.conftest import Browser
from tests.steps import HTMX

TEXTS = json.loads(STARTER.read_text())


@pytest.fixture
def new_office(app: Flask, at: object) -> None:
    with app.app_context(), transaction():
        CannedAnswer.bring_along()


def test_a_new_office_has_ten_texts_whose_fields_are_all_filled():
    assert len({entry["title"] for entry in TEXTS}) == 10
    for entry in TEXTS:
        places = {place[1] for place in PLACE.finditer(entry["body"])}
        assert places <= set(FIELDS), entry["title"]
        assert len(entry["title"]) <= 80


def test_what_comes_with_the_service_is_for_all_and_can_be_changed(new_office, budi):
    page = budi.get("/petugas/templat").text
    for entry in TEXTS:
        assert entry["title"] in page
    link = re.search(r'/petugas/templat/(\d+)">Sedang disiapkan', page)
    assert link
    path = f"/petugas/templat/{link[1]}"
    assert "Bawaan layanan ini" in budi.get(path).text

    words = {"title": "Sedang disiapkan", "body": "Mohon ditunggu."}
    assert budi.post(path, {**words, "shared": "y"}).status_code == 303

    assert "oleh Budi Santoso" in budi.get(path).text
    assert "Mohon ditunggu." in Browser(budi.app).log_in("rina").get(path).text
    assert budi.post(path, words).status_code == 303  # for himself alone now
    assert Browser(budi.app).log_in("rina").get(path).status_code == 404


def test_the_preview_fills_the_fields(budi):
    body = {"body": "Yth. {nama}, {nomor} selesai {tenggat}. {petugas} <b>"}

    page = budi.post("/petugas/templat/pratinjau", body, headers=HTMX).text

    assert "<mark>Siti Rahayu</mark>, <mark>KS-2026-000123</mark>" in page
    assert "<mark>5 Maret 2026 pukul 15.30 WIB</mark>" in page
    assert "<mark>Budi Santoso</mark> &lt;b&gt;" in page


def test_the_preview_is_a_button_without_scripts(budi):
    form = {"title": "Salam", "body": "Yth. {nama}", "preview": "ya"}

    page = budi.post("/petugas/templat", form)

    assert page.status_code == 200
    assert "Yth. <mark>Siti Rahayu</mark>" in page.text
    assert 'value="Salam"' in page.text
    assert "canned-" not in re.sub("canned-body", "", page.text), "nothing is stored"
