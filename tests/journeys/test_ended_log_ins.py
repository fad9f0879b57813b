"""Devices that are logged in, and links mailed before: how each is ended."""

import re

from tests.journeys.mailbox import link_in
from tests.people import PASSWORD, email_of

PHONE = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/124.0 Mobile"


def test_devices_are_listed_and_one_is_signed_out(siti, browser):
    phone = browser()
    phone.client.environ_base["HTTP_USER_AGENT"] = PHONE
    phone.log_in("siti")

    page = siti.get("/akun/keamanan").text
    assert "Chrome di Android" in page
    assert page.count("Perangkat ini") == 1
    id = re.search(r"/akun/perangkat/(\d+)/pengeluaran", page)[1]
    siti.post(f"/akun/perangkat/{id}/pengeluaran")

    assert phone.get("/akun").status_code == 302
    assert siti.get("/akun").status_code == 200


def test_everything_is_signed_out_at_once(siti, browser):
    phone = browser().log_in("siti")

    assert siti.post("/akun/perangkat/pengeluaran").location == "/masuk"

    assert phone.get("/akun").status_code == 302
    assert siti.get("/akun").status_code == 302


def test_no_one_signs_out_a_device_of_another(siti, dewi):
    page = siti.get("/akun/keamanan").text
    id = re.search(r'id="log-in-(\d+)"', page)[1]

    assert dewi.post(f"/akun/perangkat/{id}/pengeluaran").status_code == 404
    assert siti.get("/akun").status_code == 200


def test_a_new_password_ends_the_links_mailed_before(browser, siti, andi):
    stranger = browser()
    stranger.post("/lupa-sandi", {"email": email_of("siti")})
    link = link_in(andi, "mengganti kata sandi", "/sandi-baru/")

    new = {"current": PASSWORD, "password": "rumah-kecil-di-tepi-serayu"}
    assert siti.post("/akun/kata-sandi", new).status_code == 303

    assert stranger.get(link).status_code == 410


def test_a_link_to_a_deactivated_account_opens_nothing(visitor, andi):
    visitor.post("/lupa-sandi", {"email": email_of("siti")})
    link = link_in(andi, "mengganti kata sandi", "/sandi-baru/")
    id = re.search(
        r'href="/admin/pengguna/(\d+)"', andi.get("/admin/pengguna?q=siti").text
    )[1]
    andi.post(f"/admin/pengguna/{id}/penonaktifan")

    assert visitor.get(link).status_code == 410
