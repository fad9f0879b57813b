"""The first visit after an install: the admin takes the service into use."""

import re

import pyotp
import pytest

from pst.database import transaction
from pst.office import setup
from tests.journeys.conftest import Browser
from tests.journeys.first_visit.steps import EMAIL, OPEN, PASSWORD, make_admin, post
from tests.journeys.mailbox import letters

STEPS = ("dua-langkah", "kantor", "jam-layanan", "kalender", "petugas")
STEPS += ("surel", "artikel", "sumber")


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


def set_two_step_up(admin: Browser) -> None:
    admin.post("/akun/dua-langkah/persiapan")
    page = admin.get("/akun/dua-langkah").text
    match = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert match
    code = pyotp.TOTP(match[1].replace(" ", "")).now()
    admin.post("/akun/dua-langkah", {"code": code})
    admin.post("/akun/dua-langkah/kode-cadangan/penyimpanan")
    assert f'href="{OPEN}/dua-langkah"' in admin.get("/akun/dua-langkah").text
