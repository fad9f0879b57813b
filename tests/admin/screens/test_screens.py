"""What the IT person sees and does, through the pages alone."""

import re

import pytest
from flask import Flask

from pst.admin.backups import backup
from pst.uploads.file_store import files
from tests.journeys.conftest import Browser
from tests.journeys.mailbox import letters, link_in
from tests.people import PASSWORD, email_of
from tests.steps import id_of

SCREENS = (
    "/admin",
    "/admin/pengguna",
    "/admin/pengguna/baru",
    "/admin/kalender",
    "/admin/pengaturan",
    "/admin/surel",
    "/admin/audit",
    "/admin/sistem",
)


@pytest.mark.parametrize("path", SCREENS)
def test_every_screen_opens(andi, path):
    assert andi.get(path).status_code == 200


def test_an_invited_officer_chooses_a_password_and_works(andi, stranger):
    andi.post(
        "/admin/pengguna/baru",
        {"name": "Wati", "email": "wati@contoh.test", "role": "officer"},
    )
    link = link_in(andi, "Yth. Wati", "/undangan/")
    assert "wati@contoh.test" in stranger.get(link).text

    stranger.post(link, {"password": "kopi-dieng-tiap-pagi"})
    answer = stranger.post(
        "/masuk", {"email": "wati@contoh.test", "password": "kopi-dieng-tiap-pagi"}
    )

    assert answer.location == "/petugas"
    assert stranger.get(link).status_code == 410


def test_an_address_is_invited_once(andi):
    answer = andi.post(
        "/admin/pengguna/baru",
        {"name": "Budi", "email": email_of("budi"), "role": "officer"},
    )

    assert answer.status_code == 422
    assert "sudah memiliki akun" in answer.text
    assert not letters(andi)


def test_a_role_that_does_not_exist_is_refused(andi):
    answer = andi.post(
        "/admin/pengguna/baru",
        {"name": "Wati", "email": "wati@contoh.test", "role": "raja"},
    )

    assert answer.status_code == 422


def test_a_deactivated_officer_is_out_at_once(andi, app):
    budi = Browser(app).log_in("budi")
    id = id_of(andi, "Budi")

    andi.post(f"/admin/pengguna/{id}/penonaktifan")
    assert budi.get("/akun").status_code == 302
    answer = budi.post("/masuk", {"email": email_of("budi"), "password": PASSWORD})
    assert answer.status_code == 422

    andi.post(f"/admin/pengguna/{id}/pengaktifan")
    Browser(app).log_in("budi")


def test_an_admin_cannot_deactivate_themself(andi):
    answer = andi.post(f"/admin/pengguna/{id_of(andi, 'Andi')}/penonaktifan")

    assert answer.status_code == 409
    assert "Akun Anda sendiri" in answer.text


def test_settings_are_saved_and_what_is_wrong_is_said(andi, stranger):
    good = andi.post("/admin/pengaturan", {"office_name": "BPS Kabupaten Purbalingga"})
    bad = andi.post(
        "/admin/pengaturan", {"office_name": "BPS", "close_after_days": "nol"}
    )

    assert good.status_code == 303
    assert bad.status_code == 422
    assert "Isi dengan angka" in bad.text
    assert 'value="nol"' in bad.text, "what was typed is still there"
    assert "BPS Kabupaten Purbalingga" in stranger.get("/").text


def test_every_setting_has_words_of_its_own(andi):
    assert "<h2>Lainnya</h2>" not in andi.get("/admin/pengaturan").text


def test_a_day_off_is_added_and_taken_away(andi):
    andi.post("/admin/kalender", {"on": "2026-03-03", "name": "Pemadaman listrik"})
    assert "Pemadaman listrik" in andi.get("/admin/kalender?tahun=2026").text

    andi.post("/admin/kalender/2026-03-03/hari-kerja")
    assert "Pemadaman listrik" not in andi.get("/admin/kalender?tahun=2026").text


def test_a_day_that_is_none_is_refused(andi):
    answer = andi.post("/admin/kalender", {"on": "2026-02-30", "name": "Salah"})

    assert answer.status_code == 422
    assert "Tanggal tidak dikenal." in answer.text
    assert andi.post("/admin/kalender/besok/hari-kerja").status_code == 404
    assert andi.get("/admin/kalender?tahun=99999").status_code == 404


def test_an_expected_year_is_marked_until_it_is_confirmed(andi):
    assert "masih perkiraan" in andi.get("/admin/kalender?tahun=2027").text

    andi.post("/admin/kalender/2027/pengesahan")

    assert "masih perkiraan" not in andi.get("/admin/kalender?tahun=2027").text


def test_work_goes_to_no_one_who_does_not_exist(andi, app):
    budi = id_of(andi, "budi")

    for receiver in ("9" * 5_000, "999", "²", "rina"):
        answer = andi.post(
            f"/admin/pengguna/{budi}/serah-terima", {"recipient": receiver}
        )
        assert answer.status_code == 409
        assert "Penerima itu tidak ada." in answer.text


@pytest.mark.parametrize(("year", "status"), [("1999", 422), ("2000", 303)])
def test_a_breach_is_of_this_century(andi, year: str, status: int):
    told = dict.fromkeys(
        ("what", "which_data", "how", "measures", "advice"), "Sesuatu."
    )
    form = {**told, "known_at": f"{year}-12-31T08:00"}

    answer = andi.post("/admin/data-pribadi/insiden/baru", form)

    assert answer.status_code == status
    first = andi.post(
        "/admin/data-pribadi/insiden/baru", {**told, "known_at": "0001-01-01T00:00"}
    )
    assert first.status_code == 422
    assert "Tahun 2000 sampai 2100." in first.text


def test_the_system_screen_tells_the_size_of_each_backup(app: Flask, andi: Browser):
    assert "<h2>Cadangan</h2>" not in andi.get("/admin/sistem").text
    with app.app_context():
        files().put("attachments/ab/abc", bytes(2_500_000))
        backup.create(app.config["PST"])

    page = andi.get("/admin/sistem").text

    assert "<h2>Cadangan</h2>" in page
    assert re.search(r"1 berkas,\s+2,5 MB", page)
