"""The second step, and giving the password again before dangerous acts."""

import re

import pyotp
import pytest

from pst import clock
from tests.journeys.conftest import hidden
from tests.journeys.mailbox import letters, link_in
from tests.people import PASSWORD, email_of
from tests.steps import secret_in

OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def app_of_budi(budi, at):
    """Budi's authenticator: call it to read the code of this moment."""
    budi.post("/akun/dua-langkah/persiapan")
    secret = secret_in(budi.get("/akun/dua-langkah").text)
    totp = pyotp.TOTP(secret)

    def code() -> str:
        return totp.at(int(clock.now().timestamp()))

    answer = budi.post("/akun/dua-langkah", {"code": code()})
    assert answer.location == "/akun/dua-langkah/kode-cadangan"
    return code


def test_the_second_step_is_asked_for_after_the_password(
    app_of_budi, browser, andi, at
):
    at("2026-03-02 09:01+07:00")
    budi = browser()

    half = budi.post("/masuk", {"email": email_of("budi"), "password": PASSWORD})
    assert half.location == "/masuk/kode"
    assert budi.get("/petugas").status_code == 302, "the password alone opens nothing"
    assert budi.post("/masuk/kode", {"code": "000000"}).status_code == 422

    assert budi.post("/masuk/kode", {"code": app_of_budi()}).location == "/petugas"
    assert budi.get("/petugas").status_code == 200
    assert letters(andi, "Masuk dua langkah untuk akun Anda")


def test_a_code_that_was_used_opens_no_second_log_in(app_of_budi, browser, at):
    at("2026-03-02 09:01+07:00")
    code = app_of_budi()
    for expected in (303, 422):
        budi = browser()
        budi.post("/masuk", {"email": email_of("budi"), "password": PASSWORD})
        assert budi.post("/masuk/kode", {"code": code}).status_code == expected


def test_turning_it_on_ends_the_other_log_ins(browser, budi, siti):
    thief = browser().log_in("budi")
    budi.post("/akun/dua-langkah/persiapan")
    secret = secret_in(budi.get("/akun/dua-langkah").text)
    code = pyotp.TOTP(secret).at(int(clock.now().timestamp()))

    answer = budi.post("/akun/dua-langkah", {"code": code})

    assert answer.status_code == 303
    assert budi.get("/petugas").status_code == 200
    assert thief.get("/petugas").status_code in (302, 303, 401)
    assert siti.get("/konsultasi").status_code == 200


def test_without_the_password_there_is_no_second_step(app_of_budi, visitor):
    assert visitor.get("/masuk/kode").location == "/masuk"
    assert visitor.post("/masuk/kode", {"code": app_of_budi()}).location == "/masuk"


def test_the_second_step_waits_ten_minutes(app_of_budi, browser, at):
    computer, phone = browser(), browser()
    for half_way in (computer, phone):
        half_way.post("/masuk", {"email": email_of("budi"), "password": PASSWORD})

    at("2026-03-02 09:10+07:00")
    assert computer.post("/masuk/kode", {"code": app_of_budi()}).location != "/masuk"
    at("2026-03-02 09:10:01+07:00")
    assert phone.post("/masuk/kode", {"code": app_of_budi()}).location == "/masuk"


def test_a_recovery_code_opens_when_the_phone_is_lost(app_of_budi, budi, browser):
    page = budi.get("/akun/dua-langkah/kode-cadangan").text
    codes = re.findall(r"<code>([a-z2-7]{5}-[a-z2-7]{5})</code>", page)
    assert len(codes) == 10
    budi.post("/akun/dua-langkah/kode-cadangan/penyimpanan")
    assert budi.get("/akun/dua-langkah/kode-cadangan").status_code == 303

    elsewhere = browser()
    elsewhere.post("/masuk", {"email": email_of("budi"), "password": PASSWORD})
    assert elsewhere.post("/masuk/kode", {"code": codes[3]}).status_code == 303
    assert "Tersisa 9 dari 10" in elsewhere.get("/akun/dua-langkah").text


def test_switched_off_the_password_alone_opens_again(app_of_budi, budi, browser, andi):
    budi.post("/akun/dua-langkah/penonaktifan")

    again = browser()
    answer = again.post("/masuk", {"email": email_of("budi"), "password": PASSWORD})
    assert answer.location == "/petugas"
    assert len(letters(andi, "Masuk dua langkah untuk akun Anda")) == 2


def test_recovery_codes_are_shown_until_they_are_kept(app_of_budi, budi):
    page = "/akun/dua-langkah/kode-cadangan"
    assert budi.get(page).status_code == 200
    budi.post(f"{page}/penyimpanan")
    assert budi.get(page).location == "/akun/dua-langkah"

    budi.post(page)
    assert budi.get(page).status_code == 200, "these are new ones"


def test_a_new_password_does_not_go_round_the_second_step(app_of_budi, browser, andi):
    budi = browser()
    budi.post("/lupa-sandi", {"email": email_of("budi")})
    link = link_in(andi, "mengganti kata sandi", "/sandi-baru/")
    budi.post(link, {"password": "rumah-kecil-di-tepi-serayu"})

    answer = budi.post(
        "/masuk",
        {"email": email_of("budi"), "password": "rumah-kecil-di-tepi-serayu"},
    )
    assert answer.location == "/masuk/kode"


def test_the_office_can_require_the_second_step(andi, budi, hasan, siti):
    andi.post("/admin/pengaturan", {"require_two_step": "ya"})

    for person, path in ((budi, "/petugas"), (hasan, "/ketua/laporan")):
        assert person.get(path).location == "/akun/dua-langkah"
    assert "mewajibkan" in budi.get("/akun/dua-langkah").text
    assert (
        budi.post("/petugas/konsultasi/KS-2026-000001/pengambilan").status_code == 303
    )
    assert siti.get("/konsultasi").status_code == 200, "users are not asked"


def test_users_have_no_second_step(siti):
    assert siti.get("/akun/dua-langkah").status_code == 403


def test_a_dangerous_act_asks_for_the_password_again_and_goes_on(andi, budi, at):
    page = andi.get("/admin/pengguna?q=Budi").text
    id = re.search(r'href="/admin/pengguna/(\d+)"', page)[1]
    at("2026-03-02 09:15+07:00")

    answer = andi.post(f"/admin/pengguna/{id}/penonaktifan", headers=OURS)
    assert answer.status_code == 403
    assert "Pastikan ini Anda" in answer.text
    assert budi.get("/akun").status_code == 200, "nothing has happened yet"

    value = hidden(answer.text, "held")
    wrong = andi.post("/akun/konfirmasi", {"held": value, "password": "bukan"})
    assert wrong.status_code == 422
    right = andi.post("/akun/konfirmasi", {"held": value, "password": PASSWORD})
    assert "Kirim sekali lagi" in right.text
    action = right.text.partition("<main")[2].partition('action="')[2].partition('"')[0]

    assert andi.post(action).status_code == 303
    assert budi.get("/akun").status_code == 302


def test_a_page_behind_a_confirmation_is_reached_after_it(app_of_budi, budi, at):
    at("2026-03-02 09:20+07:00")

    asked = budi.get("/akun/dua-langkah/kode-cadangan")
    assert asked.location.startswith("/akun/konfirmasi?next=")
    assert "Kode" in budi.get(asked.location).text, "who has a second step gives a code"

    answer = budi.post(
        "/akun/konfirmasi",
        {"code": app_of_budi(), "next": "/akun/dua-langkah/kode-cadangan"},
    )
    assert answer.location == "/akun/dua-langkah/kode-cadangan"


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/admin/pengaturan", {"require_two_step": "tidak"}),
        ("/admin/pengguna/baru", {"name": "X", "email": "x@y.id", "role": "admin"}),
        ("/admin/pengguna/2/pengaktifan", {}),
        ("/admin/persiapan/dua-langkah", {"required": "tidak"}),
        ("/admin/persiapan/kantor", {"require_two_step": "tidak"}),
        ("/admin/persiapan/petugas", {"name": "X", "email": "x@y.id", "role": "admin"}),
    ],
)
def test_what_gives_power_away_asks_who_is_there(andi, at, path, fields):
    at("2026-03-02 09:15+07:00")

    assert andi.post(path, fields, headers=OURS).status_code == 403
