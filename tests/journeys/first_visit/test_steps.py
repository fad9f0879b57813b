"""The steps of the first visit: what each asks for, and refuses."""

from io import BytesIO

import pytest
from click.testing import Result
from flask import Flask

from pst.database import db, transaction
from pst.list_files.runs import ListWish
from pst.outbox.models import OutboxMail
from pst.webapi.source import CatalogueSource
from tests.journeys.first_visit.steps import OPEN, post
from tests.people import NO_SUCH_USER


def flask(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=words)


def test_the_lists_are_asked_for_in_the_last_step(admin, app):
    answer = admin.post(f"{OPEN}/sumber", {"domains": "3304", "list": ["regions"]})
    assert answer.status_code == 422
    assert "Isi kuncinya, atau lewati dahulu." in answer.text
    assert 'value="3304"' in answer.text

    lists = {"key": "kunci", "domains": "3304", "list": ["katalog", "regions", "x"]}
    assert post(admin, "sumber", **lists) == f"{OPEN}/selesai"

    with app.app_context():
        source = CatalogueSource.current()
        assert source is not None and source.wanted_at is not None
        assert (source.key, source.domains) == ("kunci", ["3304"])
        assert ListWish.names() == {"regions"}


def test_a_file_that_is_uploaded_in_a_step_leads_back_to_it(admin):
    file = (BytesIO(b"Kode BPS;Nama\n3304;Banjarnegara\n"), "wilayah.csv")
    form = {"file": file, "next": f"{OPEN}/sumber"}

    answer = admin.post("/admin/sumber/daftar/wilayah", form)

    assert answer.location == f"{OPEN}/sumber"
    assert "1 kabupaten" in admin.get(answer.location).text.casefold()
    assert post(admin, "sumber", press="cukup") == f"{OPEN}/selesai"
    form = {"file": (BytesIO(b"x"), "x.csv"), "next": "https://lain.test/"}
    assert admin.post("/admin/sumber/daftar/wilayah", form).status_code == 422


def test_two_step_is_not_settled_before_it_works(admin):
    answer = admin.post(f"{OPEN}/dua-langkah", {"required": "ya"})

    assert answer.status_code == 422
    assert "belum aktif" in answer.text


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(admin):
    office = admin.post(f"{OPEN}/kantor", {"office_name": "BPS X", "email": "salah"})
    hours = admin.post(f"{OPEN}/jam-layanan", {"hours-0": "pagi"})
    officer = admin.post(f"{OPEN}/petugas", {"name": "Budi", "email": "budi"})
    mail = admin.post(f"{OPEN}/surel", {"email": "salah"})

    for answer in (office, hours, officer, mail):
        assert answer.status_code == 422
    assert 'value="BPS X"' in office.text and 'value="salah"' in office.text
    assert 'value="pagi"' in hours.text
    assert 'value="Budi"' in officer.text
    assert 'value="salah"' in mail.text
    assert admin.post(f"{OPEN}/apa/penundaan").status_code == 404


def test_the_calendar_is_corrected_and_confirmed_on_the_way(admin):
    back = {"next": f"{OPEN}/kalender"}
    day = {"on": "2026-03-03", "name": "Hari jadi kabupaten"}

    assert admin.post("/admin/kalender", {**day, **back}).location == back["next"]
    answer = admin.post("/admin/kalender/2026-03-19/hari-kerja", back)
    assert answer.location == back["next"]
    page = admin.get(f"{OPEN}/kalender").text
    assert "Hari jadi kabupaten" in page
    assert "Jadikan libur" in page


@pytest.mark.parametrize(
    ("choice", "there", "not_there"),
    [
        ({"topic": "classification"}, "kbli", "pdrb-kabupaten"),
        ({"article": "pdrb-kabupaten"}, "pdrb-kabupaten", "kbli"),
        ({"press": "tidak-ada"}, "", "pdrb-kabupaten"),
    ],
)
def test_starter_articles_are_chosen(admin, choice, there, not_there):
    assert post(admin, "artikel", **choice) == f"{OPEN}/sumber"

    output = flask(admin.app, "articles", "export").output
    assert there in output
    assert f'"slug": "{not_there}"' not in output
    assert admin.get(f"{OPEN}/artikel").status_code == 200


def test_no_article_at_all_must_be_meant(admin):
    answer = admin.post(f"{OPEN}/artikel", {})

    assert answer.status_code == 422
    assert "Belum ada yang dipilih" in answer.text


def test_a_refused_test_mail_says_why(admin):
    post(admin, "surel", email="ti@kantor.test")
    with admin.app.app_context(), transaction():
        letter = db.session.scalars(db.select(OutboxMail)).all()[-1]
        letter.refuse(NO_SUCH_USER)

    assert "550 5.1.1 No such user" in admin.get(f"{OPEN}/surel").text
    assert "550 5.1.1 No such user" in admin.get(f"{OPEN}/surel/keadaan").text
