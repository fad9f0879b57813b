"""The first visit after an install: the admin takes the service into use."""

import re
from io import BytesIO
from pathlib import Path

import pyotp
import pytest
from click.testing import Result
from flask import Flask
from flask_migrate import upgrade

from pst import create_app
from pst.database import db, transaction
from pst.list_files.runs import ListWish
from pst.office import days_off, setup
from pst.outbox.models import OutboxMail
from pst.webapi.source import CatalogueSource
from tests.conftest import settings_for
from tests.journeys.conftest import Browser
from tests.journeys.mailbox import letters
from tests.people import NO_SUCH_USER

OPEN = "/admin/persiapan"
PASSWORD = "gunung-dieng-pagi-hari"
EMAIL = "ti@contoh.test"
STEPS = ("dua-langkah", "kantor", "jam-layanan", "kalender", "petugas")
STEPS += ("surel", "artikel", "sumber")


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a service that was just installed: no one, and no article."""
    folder = tmp_path_factory.mktemp("installed")
    app = create_app(settings_for(folder))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return folder


@pytest.fixture
def app(migrated: Path, tmp_path: Path, at: object) -> Flask:
    for name in ("pst.sqlite3", "secret_key"):
        (tmp_path / name).write_bytes((migrated / name).read_bytes())
    app = create_app(settings_for(tmp_path))
    with app.app_context(), transaction():
        days_off.seed_ahead()
    return app


def flask(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=words)


def make_admin(app: Flask, email: str) -> None:
    result = app.test_cli_runner().invoke(
        args=["accounts", "create", email, "--name", "Tono"]
        + ["--role", "admin", "--password-stdin"],
        input=PASSWORD + "\n",
    )
    assert result.exit_code == 0, result.output


@pytest.fixture
def admin(app: Flask) -> Browser:
    """The IT person, for whom the installer made an account."""
    make_admin(app, EMAIL)
    browser = Browser(app)
    answer = browser.post("/masuk", {"email": EMAIL, "password": PASSWORD})
    assert answer.location == OPEN, "the log-in leads to the set-up"
    return browser


def test_a_second_admin_begins_nothing_again(admin, app):
    admin.post(f"{OPEN}/penyelesaian")

    make_admin(app, "kedua@contoh.test")

    answer = Browser(app).post(
        "/masuk", {"email": "kedua@contoh.test", "password": PASSWORD}
    )
    assert answer.location == "/admin"


@pytest.mark.parametrize("step", STEPS)
def test_every_step_says_where_one_is(admin, step):
    page = admin.get(f"{OPEN}/{step}").text

    assert f"Langkah {STEPS.index(step) + 1} dari 8" in page
    assert "Lewati dahulu" in page


def test_the_whole_set_up(admin, app):
    set_two_step_up(admin)
    assert post(admin, "dua-langkah", required="ya") == f"{OPEN}/kantor"
    office = {"office_name": "BPS Kabupaten Purbalingga", "city": "Purbalingga"}
    assert post(admin, "kantor", **office) == f"{OPEN}/jam-layanan"
    hours = {f"hours-{day}": "08.00-15.00" for day in range(5)}
    assert post(admin, "jam-layanan", **hours) == f"{OPEN}/kalender"
    assert post(admin, "kalender") == f"{OPEN}/petugas"
    budi = {"name": "Budi", "email": "budi@contoh.test", "role": "officer"}
    assert post(admin, "petugas", **budi) == f"{OPEN}/petugas"
    assert "Budi" in admin.get(f"{OPEN}/petugas").text
    assert post(admin, "surel", email="ti@kantor.test") == f"{OPEN}/surel"
    assert letters(admin, "Email ini dikirim dari halaman persiapan")
    assert post(admin, "surel/penerimaan") == f"{OPEN}/artikel"
    assert post(admin, "artikel", press="semua") == f"{OPEN}/sumber"
    lists = {"key": "kunci", "domains": "3304", "list": ["katalog", "kbli-2025"]}
    assert post(admin, "sumber", **lists) == f"{OPEN}/selesai"

    page = admin.get(f"{OPEN}/selesai").text
    assert "Semua 8 langkah selesai" in page
    assert 'id="persiapan"' not in admin.get("/admin/sistem").text
    visitor = Browser(app)
    assert "BPS Kabupaten Purbalingga" in visitor.get("/").text
    assert "08.00–15.00" in visitor.get("/standar-pelayanan").text
    assert "PDRB" in visitor.get("/cari?q=pdrb kabupaten").text
    admin.post("/keluar")
    answer = admin.post("/masuk", {"email": EMAIL, "password": PASSWORD})
    assert answer.location == "/masuk/kode", "the second step is asked for"


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


def test_what_is_settled_is_still_so_after_a_pause(admin):
    post(admin, "jam-layanan", **{"hours-0": "08.00-12.00"})
    admin.post("/keluar")

    answer = admin.post("/masuk", {"email": EMAIL, "password": PASSWORD})

    assert answer.location == OPEN
    page = admin.get(OPEN).text
    assert "1 dari 8 selesai" in page
    assert "Mulai: Masuk dua langkah" not in page
    assert "Lanjutkan: Masuk dua langkah" in page


def test_what_was_skipped_is_an_open_point(admin):
    assert post(admin, "two_step/penundaan") == f"{OPEN}/kantor"
    post(admin, "kantor", office_name="BPS Kota Tegal")
    assert admin.post(f"{OPEN}/penyelesaian").location == "/admin"

    answer = admin.post("/keluar")
    answer = admin.post("/masuk", {"email": EMAIL, "password": PASSWORD})
    assert answer.location == "/admin", "no one is asked twice"
    points = admin.get("/admin/sistem").text.partition('id="persiapan"')[2]
    points = points.partition("</ul>")[0]
    assert "Masuk dua langkah" in points and "Artikel awal" in points
    assert "Data kantor" not in points


def test_an_open_set_up_is_called_to_mind_on_every_admin_screen(admin):
    assert "Lanjutkan persiapan" in admin.get("/admin/pengguna").text

    admin.post(f"{OPEN}/penyelesaian")

    assert "Lanjutkan persiapan" not in admin.get("/admin/pengguna").text


def test_a_demo_owes_no_set_up(admin):
    with admin.app.app_context(), transaction():
        setup.cancel()

    assert "Lanjutkan persiapan" not in admin.get("/admin").text
    assert 'id="persiapan"' not in admin.get("/admin/sistem").text
    assert admin.get(OPEN).status_code == 200, "but it can be taken all the same"


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


def post(admin: Browser, step: str, **form: str) -> str | None:
    """Send the form of a step; return where it leads."""
    answer = admin.post(f"{OPEN}/{step}", form)
    assert answer.status_code == 303, answer.text
    return answer.location


def set_two_step_up(admin: Browser) -> None:
    admin.post("/akun/dua-langkah/persiapan")
    page = admin.get("/akun/dua-langkah").text
    match = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert match
    code = pyotp.TOTP(match[1].replace(" ", "")).now()
    admin.post("/akun/dua-langkah", {"code": code})
    admin.post("/akun/dua-langkah/kode-cadangan/penyimpanan")
    assert f'href="{OPEN}/dua-langkah"' in admin.get("/akun/dua-langkah").text
