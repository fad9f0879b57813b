"""Logging in and out, forgetting the password, the profile."""

import pytest

from tests.journeys.conftest import hidden
from tests.journeys.mailbox import letters, link_in
from tests.people import PASSWORD, email_of
from tests.steps import NEW, log_in


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(visitor):
    wrong = log_in(visitor, email_of("siti"), "bukan-kata-sandinya")
    unknown = log_in(visitor, "siapa@contoh.test", "bukan-kata-sandinya")

    assert wrong.status_code == unknown.status_code == 422
    assert "Email atau kata sandi tidak cocok." in wrong.text
    assert same(wrong.text, email_of("siti")) == same(unknown.text, "siapa@contoh.test")


def same(page: str, email: str) -> str:
    """Take away what must differ between two pages."""
    return page.replace(email, "").replace(hidden(page, "csrf_token"), "")


def test_logging_out_ends_the_log_in_itself(siti):
    kept = siti.client.get_cookie("pst_l").value

    assert siti.post("/keluar").location == "/"

    siti.client.set_cookie("pst_l", kept)
    assert siti.get("/akun").status_code == 302, "the token opens nothing any more"


def test_opening_the_log_out_address_changes_nothing(siti):
    assert "Tekan tombol ini" in siti.get("/keluar").text
    assert siti.get("/akun").status_code == 200


def test_a_log_in_leads_on_to_where_one_wanted_to_go_but_not_outside(visitor, browser):
    assert visitor.get("/akun").location == "/masuk?next=/akun"

    inside = log_in(visitor, email_of("siti"), PASSWORD, next="/akun")
    outside = log_in(browser(), email_of("siti"), PASSWORD, next="//jahat.test/")

    assert inside.location == "/akun"
    assert outside.location == "/konsultasi"


def test_a_log_in_of_an_officer_ends_after_four_hours_without_anyone(budi, siti, at):
    at("2026-03-02 12:59+07:00")
    assert budi.get("/akun").status_code == 200

    at("2026-03-02 16:58+07:00")
    assert budi.get("/akun").status_code == 200, "being there put the end off"

    at("2026-03-02 20:58+07:00")
    assert budi.get("/akun").status_code == 302
    assert siti.get("/akun").status_code == 200, "users stay signed in for longer"


def test_a_poll_is_no_one_being_there(budi, at):
    for hour in (11, 12):
        at(f"2026-03-02 {hour}:30+07:00")
        budi.get("/petugas/daftar-kerja", headers={"HX-PTag": "x"})

    at("2026-03-02 13:00+07:00")
    assert budi.get("/akun").status_code == 302


def test_a_log_in_of_an_officer_ends_after_fourteen_hours_of_work(budi, at):
    for hour in (12, 15, 18, 21, 22):
        at(f"2026-03-02 {hour}:30+07:00")
        assert budi.get("/akun").status_code == 200

    at("2026-03-02 23:00+07:00")
    assert budi.get("/akun").status_code == 302


def test_a_forgotten_password_is_replaced_by_a_mailed_link(visitor, siti, andi):
    answer = visitor.post("/lupa-sandi", {"email": email_of("siti")})
    link = link_in(andi, "mengganti kata sandi", "/sandi-baru/")

    assert answer.location == "/lupa-sandi/terkirim"
    assert visitor.post(link, {"password": NEW}).location == "/masuk"
    assert siti.get("/akun").status_code == 302, "every device was signed out"
    assert log_in(visitor, email_of("siti"), PASSWORD).status_code == 422
    assert log_in(visitor, email_of("siti"), NEW).status_code == 303
    assert letters(andi, "Kata sandi akun Anda diganti")


def test_a_link_to_a_new_password_works_once_and_for_an_hour(visitor, andi, at):
    visitor.post("/lupa-sandi", {"email": email_of("siti")})
    first = link_in(andi, "mengganti kata sandi", "/sandi-baru/")
    at("2026-03-02 10:00+07:00")
    assert visitor.get(first).status_code == 410
    assert visitor.post(first, {"password": NEW}).status_code == 410

    visitor.post("/lupa-sandi", {"email": email_of("siti")})
    second = link_in(andi, "mengganti kata sandi", "/sandi-baru/")
    visitor.post(second, {"password": NEW})
    assert visitor.post(second, {"password": "sandi-lain-lagi"}).status_code == 410


def test_a_weak_new_password_is_refused_and_the_link_still_works(visitor, andi):
    visitor.post("/lupa-sandi", {"email": email_of("siti")})
    link = link_in(andi, "mengganti kata sandi", "/sandi-baru/")

    assert visitor.post(link, {"password": "aaaaaaaaaaaaaa"}).status_code == 422
    assert visitor.post(link, {"password": NEW}).status_code == 303


def test_forgetting_answers_the_same_for_known_and_unknown(visitor, andi):
    answer = visitor.post("/lupa-sandi", {"email": email_of("siti")})
    unknown = visitor.post("/lupa-sandi", {"email": "siapa@contoh.test"})

    assert (answer.status_code, answer.location) == (
        unknown.status_code,
        unknown.location,
    )
    assert len(letters(andi)) == 1


def test_a_person_corrects_their_profile(siti):
    siti.post(
        "/akun/profil",
        {
            "name": "Siti Rahayu, M.Si.",
            "institution_kind": "pemda",
            "institution": "Dinas Kesehatan",
            "occupation": "asn",
        },
    )

    page = siti.get("/akun").text
    assert "Siti Rahayu, M.Si." in page
    assert "Dinas Kesehatan" in page


def test_an_officer_has_no_institution_to_fill_in(budi):
    assert "Pekerjaan" not in budi.get("/akun").text

    assert budi.post("/akun/profil", {"name": "Budi S."}).status_code == 303
    assert "Budi S." in budi.get("/akun").text


def test_a_refused_profile_keeps_what_was_typed(siti):
    answer = siti.post("/akun/profil", {"name": "", "institution": "Dinas Kesehatan"})

    assert answer.status_code == 422
    assert "Dinas Kesehatan" in answer.text
    assert "Dinas Kesehatan" not in siti.get("/akun").text


def test_changing_the_password_needs_the_present_one(siti):
    wrong = siti.post("/akun/kata-sandi", {"current": "bukan-ini", "password": NEW})
    right = siti.post("/akun/kata-sandi", {"current": PASSWORD, "password": NEW})

    assert wrong.status_code == 422
    assert "Kata sandi sekarang tidak cocok." in wrong.text
    assert right.location == "/masuk"
    assert siti.get("/akun").status_code == 302


@pytest.mark.parametrize("path", ["/keluar", "/akun/perangkat/pengeluaran"])
def test_a_log_out_with_two_presses_is_one(siti, path):
    first = siti.post(path)
    assert first.status_code == 303

    again = siti.client.post(path, data={"csrf_token": "dari halaman tadi"})

    assert "Anda sudah keluar" in again.text
    assert "Sesi Anda berakhir" not in again.text
    assert siti.get("/akun").status_code == 302


def test_a_second_press_with_the_cookies_of_the_first_says_so_too(siti):
    token = siti.token()
    log_in = {c.key: c.value for c in siti.client._cookies.values()}
    siti.client.post("/akun/perangkat/pengeluaran", data={"csrf_token": token})
    for key, value in log_in.items():
        siti.client.set_cookie(key, value)

    again = siti.client.post("/akun/perangkat/pengeluaran", data={"csrf_token": token})

    assert again.status_code == 401
    assert "Anda sudah keluar" in again.text


@pytest.mark.parametrize("path", ["/masuk", "/daftar"])
@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("siti", "/konsultasi"),
        ("budi", "/petugas"),
        ("hasan", "/ketua"),
        ("andi", "/admin"),
    ],
)
def test_a_person_already_logged_in_is_sent_to_their_start(browser, path, name, home):
    answer = browser().log_in(name).get(path)

    assert answer.status_code == 303
    assert answer.location.rstrip("/") == home


def test_a_person_already_logged_in_goes_where_they_wanted(siti):
    assert siti.get("/masuk?next=/akun").location == "/akun"
    for elsewhere in ("//jahat.test", "https://jahat.test/", "/\\jahat.test"):
        answer = siti.get("/masuk", query_string={"next": elsewhere})
        assert answer.location == "/konsultasi"
