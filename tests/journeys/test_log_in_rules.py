"""Whom a log-in, a link and an invitation let in, and what is mailed of it."""

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask

from pst.accounts.users import User
from pst.database import db, transaction
from pst.outbox.bad_addresses import BadAddress
from tests.journeys.mailbox import letters, link_in
from tests.people import PASSWORD, email_of
from tests.steps import NEW, TUTI, log_in


@pytest.fixture
def change(app: Flask):
    """Change the row of someone's account, behind everyone's back."""

    def write(name: str, **values: object) -> None:
        with app.app_context(), transaction():
            db.session.execute(
                sa.update(User).filter_by(email=email_of(name)).values(**values)
            )

    return write


def hash_of(app: Flask, name: str) -> str:
    with app.app_context():
        user = User.with_email(email_of(name))
        assert user is not None
        return user.password_hash


def test_a_closed_account_is_answered_like_a_wrong_password(change, visitor, andi):
    change("siti", active=False)

    answer = log_in(visitor, email_of("siti"), PASSWORD)

    assert answer.status_code == 422
    assert "Email atau kata sandi tidak cocok." in answer.text
    assert visitor.post("/lupa-sandi", {"email": email_of("siti")}).status_code == 303
    assert visitor.post("/verifikasi", {"email": email_of("siti")}).status_code == 303
    assert not letters(andi)


def test_an_old_hash_is_renewed_with_the_password_that_it_is_of(app, change, browser):
    old = PasswordHasher(time_cost=3, memory_cost=16, parallelism=1).hash(PASSWORD)
    change("siti", password_hash=old)
    assert log_in(browser(), email_of("siti"), "bukan-sandinya-ini").status_code == 422
    assert hash_of(app, "siti") == old

    assert log_in(browser(), email_of("siti"), PASSWORD).status_code == 303
    renewed = hash_of(app, "siti")
    assert renewed != old
    assert log_in(browser(), email_of("siti"), PASSWORD).status_code == 303
    assert hash_of(app, "siti") == renewed, "today's is kept"


def test_asking_for_a_link_without_need_is_answered_so(visitor, andi):
    visitor.post("/verifikasi", {"email": email_of("siti")})
    assert letters(andi, "/masuk") and not letters(andi, "/verifikasi/")


def test_who_is_not_verified_gets_another_link(visitor, andi, change):
    change("siti", verified_at=None)
    visitor.post("/verifikasi", {"email": email_of("siti")})
    link = link_in(andi, "", "/verifikasi/")
    assert visitor.post(link, {"password": PASSWORD}).location == "/konsultasi"


def test_an_officer_logs_in_as_ever_although_a_link_proved_the_address(
    visitor, andi, change
):
    change("budi", verified_at=None)
    visitor.post("/verifikasi", {"email": email_of("budi")})
    link = link_in(andi, "", "/verifikasi/")

    answer = visitor.post(link, {"password": PASSWORD})

    assert answer.location.startswith("/masuk")
    assert visitor.get("/petugas").status_code == 302, "a second step may be asked for"


def test_who_had_mails_come_back_proves_the_address_by_a_link(app, visitor, andi):
    with app.app_context(), transaction():
        BadAddress.mark(email_of("siti"), "5.1.1")

    visitor.post("/verifikasi", {"email": email_of("siti")})
    visitor.post(link_in(andi, "", "/verifikasi/"), {"password": PASSWORD})

    with app.app_context():
        assert BadAddress.of(email_of("siti")) is None


def test_a_later_registration_of_the_address_takes_nothing_from_the_first(
    browser, andi
):
    first, later = browser(), browser()
    first.post("/daftar", TUTI)
    link = link_in(andi, "", "/verifikasi/")
    log_in(first, TUTI["email"], NEW)

    later.post("/daftar", {**TUTI, "password": "sepeda-tua-warna-biru"})
    later.post("/daftar/alamat", {"email": "lain@contoh.test"})

    assert TUTI["email"] in first.get("/akun").text, "still logged in, at her address"
    assert log_in(browser(), TUTI["email"], NEW).status_code == 303
    assert first.post(link).location == "/konsultasi"


def test_an_invited_officer_chooses_a_password_and_no_mail_says_it_changed(
    andi, visitor, browser
):
    invited = {"name": "Wati", "email": "wati@contoh.test", "role": "officer"}
    assert andi.post("/admin/pengguna/baru", invited).status_code == 303
    link = link_in(andi, "", "/undangan/")
    assert "Wati" in visitor.get(link).text
    assert visitor.post(link, {"password": "pendek"}).status_code == 422
    assert visitor.post(link, {"password": NEW}).location == "/masuk"

    assert log_in(visitor, "wati@contoh.test", NEW).location == "/petugas"
    assert not letters(andi, "Kata sandi akun Anda diganti")
    assert browser().post(link, {"password": NEW}).status_code == 410


def test_a_person_who_only_registered_chooses_again_by_mail_and_is_verified(
    visitor, andi
):
    visitor.post("/daftar", TUTI)
    visitor.post("/lupa-sandi", {"email": TUTI["email"]})
    link = link_in(andi, "mengganti kata sandi", "/sandi-baru/")
    visitor.post(link, {"password": "sepeda-tua-warna-biru"})

    log_in(visitor, TUTI["email"], "sepeda-tua-warna-biru")
    assert "belum terverifikasi" not in visitor.get("/akun").text


def test_a_mistyped_address_is_corrected_in_the_browser_that_registered(
    visitor, browser, andi
):
    visitor.post("/daftar", {**TUTI, "email": "tuti@gmial.com"})
    wrong = link_in(andi, "", "/verifikasi/")
    assert "tuti@gmail.com" in visitor.get("/daftar/terkirim").text
    assert browser().post("/daftar/alamat", {"email": "x@contoh.test"}).location == (
        "/daftar"
    )

    answer = visitor.post("/daftar/alamat", {"email": "tuti@gmail.com"})

    assert answer.location == "/daftar/terkirim"
    assert visitor.get(wrong).status_code == 410, "it went to someone else"
    assert visitor.post(link_in(andi, "", "/verifikasi/")).location == "/konsultasi"
    assert "tuti@gmail.com" in visitor.get("/akun").text


def test_whether_someone_is_signed_in_is_told_to_the_gate(siti, visitor):
    assert siti.get("/masuk/keadaan").status_code == 204
    assert visitor.get("/masuk/keadaan").status_code == 403
