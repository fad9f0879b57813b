"""Proving and correcting the address of an account."""

import pytest

from pst.accounts.domains import likely_meant
from pst.database import transaction
from pst.outbox.bad_addresses import BadAddress
from tests.journeys.conftest import Browser
from tests.journeys.mailbox import letters, link_in
from tests.journeys.test_accounts import NEW, TUTI, log_in
from tests.journeys.test_guessing import strict  # noqa: F401  (a fixture)
from tests.people import email_of

TYPED = "Terima kasih telah mendaftar"
RIGHT = {"email": "tuti.h@contoh.test"}


def test_looking_at_a_link_never_counts_as_a_guess(strict):  # noqa: F811
    computer, scanner = Browser(strict), Browser(strict)
    computer.post("/daftar", TUTI)
    link = link_in(Browser(strict).log_in("andi"), TYPED, "/verifikasi/")

    for _ in range(40):
        assert scanner.client.head(link).status_code == 200
        assert scanner.client.options(link).status_code == 200

    assert scanner.post(link, {"password": NEW}).location == "/masuk"


def test_looking_at_the_confirmation_never_counts_as_a_guess(strict):  # noqa: F811
    siti = Browser(strict).log_in("siti")
    for _ in range(40):
        assert siti.client.head("/akun/konfirmasi").status_code == 200

    assert siti.post("/akun/konfirmasi", {"password": "salah"}).status_code == 422


def test_who_is_verified_already_is_told_so_by_mail(visitor, andi):
    answer = visitor.post("/verifikasi", {"email": email_of("siti")})

    assert answer.location == "/daftar/terkirim"
    (letter,) = letters(andi, "sudah aktif")
    assert "/masuk" in letter and "/verifikasi/" not in letter


def test_an_unknown_address_gets_the_same_page_and_no_mail(visitor, andi):
    known = visitor.post("/verifikasi", {"email": email_of("siti")})
    unknown = visitor.post("/verifikasi", {"email": "nihil@contoh.test"})

    assert (known.status_code, known.location) == (
        unknown.status_code,
        unknown.location,
    )
    assert len(letters(andi)) == 1


def test_a_mistyped_address_is_corrected_and_the_old_link_dies(visitor, andi):
    visitor.post("/daftar", TUTI)
    wrong = link_in(andi, TYPED, "/verifikasi/")
    assert "Alamatnya salah ketik?" in visitor.get("/daftar/terkirim").text

    assert visitor.post("/daftar/alamat", RIGHT).location == "/daftar/terkirim"

    assert RIGHT["email"] in visitor.get("/daftar/terkirim").text
    assert visitor.get(wrong).status_code == 410
    visitor.post(link_in(andi, TYPED, "/verifikasi/"))
    assert log_in(visitor, RIGHT["email"], NEW).location == "/konsultasi"


def test_another_browser_corrects_nothing(visitor, browser, andi):
    visitor.post("/daftar", TUTI)
    stranger = browser()

    assert stranger.post("/daftar/alamat", RIGHT).location == "/daftar"
    stranger.post("/verifikasi", {"email": TUTI["email"]})
    assert "salah ketik" not in stranger.get("/daftar/terkirim").text
    assert stranger.post("/daftar/alamat", RIGHT).location == "/daftar"


def test_a_correction_to_an_account_tells_its_owner_only(visitor, andi):
    visitor.post("/daftar", TUTI)

    taken = visitor.post("/daftar/alamat", {"email": email_of("siti")})

    assert taken.location == "/daftar/terkirim"
    assert letters(andi, "sudah memiliki akun")
    assert log_in(visitor, TUTI["email"], NEW).status_code == 303, "nothing moved"


def test_a_slip_into_the_address_of_another_ends_in_a_mail_that_helps(visitor, andi):
    visitor.post("/daftar", {**TUTI, "email": email_of("siti")})

    visitor.post("/daftar/alamat", RIGHT)

    (letter,) = letters(andi, "mengganti alamat pendaftarannya")
    assert "/daftar" in letter


def test_a_correction_that_is_no_address_is_refused_and_kept(visitor):
    visitor.post("/daftar", TUTI)

    answer = visitor.post("/daftar/alamat", {"email": "tuti@"})

    assert answer.status_code == 422
    assert 'value="tuti@"' in answer.text


def test_a_likely_slip_is_pointed_out(visitor):
    visitor.post("/daftar", {**TUTI, "email": "tuti@gmial.com"})

    page = visitor.get("/daftar/terkirim").text
    assert "Apakah maksud Anda <b>tuti@gmail.com</b>?" in page


def test_whose_mails_come_back_is_told_and_proves_the_address(app, siti, andi):
    with app.app_context(), transaction():
        BadAddress.mark(email_of("siti"), "5.1.1")
    for page in ("/konsultasi", "/akun"):
        assert "tidak sampai" in siti.get(page).text

    siti.post("/verifikasi", {"email": email_of("siti")})
    siti.post(link_in(andi, TYPED, "/verifikasi/"))

    assert "tidak sampai" not in siti.get("/akun").text


def test_a_log_in_link_that_is_followed_proves_the_address(app, visitor, andi):
    with app.app_context(), transaction():
        BadAddress.mark(email_of("siti"), "5.1.1")
    visitor.post("/lupa-sandi", {"email": email_of("siti")})

    visitor.post(link_in(andi, "kata sandi baru", "/sandi-baru/"), {"password": NEW})

    with app.app_context():
        assert BadAddress.of(email_of("siti")) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a@gmial.com", "a@gmail.com"),
        ("a@gmai.com", "a@gmail.com"),
        ("a@gmail.con", "a@gmail.com"),
        ("a@yaho.co.id", "a@yahoo.co.id"),
        ("a@hotmial.com", "a@hotmail.com"),
        ("a@gmail.com", None),
        ("a@mail.com", None),
        ("a@bps.go.id", None),
        ("a@banjarnegarakab.go.id", None),
        ("nothing", None),
    ],
)
def test_only_what_is_nearly_a_common_domain_is_a_slip(typed: str, meant: str | None):
    assert likely_meant(typed) == meant
