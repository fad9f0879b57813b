"""The field *Wilayah*: suggested without a script, its text and region are kept."""

import sqlalchemy as sa
from flask import Flask

from pst.consultations.models import Consultation
from pst.database import db, transaction
from pst.reports.figures.demand_figures import DemandFigures
from pst.reports.periods import Period
from tests.journeys.conftest import Browser, hidden
from tests.regions.conftest import LIST, bring_in

FORM = "/konsultasi/baru?jenis=data"


def known(app: Flask) -> None:
    with app.app_context():
        bring_in(LIST)


def newest(app: Flask) -> tuple[dict, str | None]:
    with app.app_context():
        query = sa.select(Consultation.details, Consultation.area_code)
        row = db.session.execute(query.order_by(Consultation.id.desc())).first()
        assert row is not None
        return row.details, row.area_code


def ask(siti: Browser, area: str, subject: str = "Jumlah penduduk") -> None:
    fields = {
        "subject": subject,
        "description": "Menurut umur.",
        "area": area,
        "years": "2025",
        "key": hidden(siti.get(FORM).text, "key"),
    }
    assert siti.post(FORM, fields).status_code == 303


def test_the_page_suggests_kecamatan_and_the_script_fetches_villages(
    app: Flask, siti: Browser
):
    assert "<datalist" not in siti.get(FORM).text
    known(app)

    form = siti.get(FORM).text
    assert 'list="wilayah"' in form
    assert "<option>Kecamatan Wanadadi</option>" in form
    assert "Desa" not in form.partition("<datalist")[2].partition("</datalist>")[0]

    villages = siti.get("/wilayah/pilihan")
    assert "<option>Desa Karangkemiri, Kec. Wanadadi</option>" in villages.text
    assert villages.headers["Cache-Control"] == "private, max-age=86400"


def test_a_request_keeps_the_text_and_the_region(app: Flask, siti: Browser):
    known(app)
    ask(siti, "kec. wanadadi, banjarnegara")

    details, code = newest(app)
    assert details["area"] == "kec. wanadadi, banjarnegara"
    assert code == "3304120"


def test_free_text_stays_possible(app: Flask, siti: Browser):
    known(app)
    ask(siti, "daerah sekitar waduk Mrica")

    assert newest(app)[1] is None


def test_what_is_recorded_at_the_counter_has_its_region(app: Flask, budi: Browser):
    known(app)
    form = budi.get("/petugas/catat").text
    assert 'list="wilayah"' in form
    fields = {
        "key": hidden(form, "key"),
        "channel": "counter",
        "category": "data",
        "subject": "Penduduk",
        "answer": "Lihat tabel.",
        "outcome": "dijawab",
        "area": "Desa Wanadadi",
        "asked_at": "2026-03-02T08:30",
    }
    assert budi.post("/petugas/catat", fields).status_code == 303

    details, code = newest(app)
    assert (details, code) == ({"area": "Desa Wanadadi"}, "3304120001")


def test_the_report_counts_by_kecamatan(app: Flask, siti: Browser):
    known(app)
    for number, area in enumerate(["Desa Wanadadi", "kec wanadadi", "Jawa Tengah"]):
        ask(siti, area, f"Permintaan {number}")

    with app.app_context():
        areas = DemandFigures(Period.parse("2026-03")).areas
    assert areas == [("Kecamatan Wanadadi", 2), ("Provinsi Jawa Tengah", 1)]


def test_an_erased_request_keeps_no_village(app: Flask, siti: Browser):
    known(app)
    ask(siti, "Desa Wanadadi")
    with app.app_context(), transaction():
        db.session.scalars(sa.select(Consultation)).one().erase(None)

    assert newest(app) == ({}, "3304120")
