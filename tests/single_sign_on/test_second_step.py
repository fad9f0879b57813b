"""The second step and the password next to an organisation's log-in."""

from datetime import timedelta

from flask import Flask

from pst import clock
from pst.accounts.log_ins import LogIn
from pst.accounts.users import User
from pst.database import db, transaction
from pst.office import settings
from tests.journeys.conftest import Browser
from tests.people import PASSWORD, email_of
from tests.single_sign_on.openid_provider import OpenIdProvider
from tests.single_sign_on.steps import join, log_in, path_of, start


def test_the_second_step_is_taken_here_unless_it_was_there(
    joined: Flask, there: OpenIdProvider
):
    enable_two_step(joined)
    browser = Browser(joined)
    answer = log_in(browser, there, "?next=/petugas/artikel")
    assert answer.location == "/masuk/kode?next=/petugas/artikel"
    assert browser.get("/petugas").status_code == 302

    there.claims = {"amr": ["pwd", "mfa"]}
    assert log_in(browser, there).location == "/petugas"


def test_a_second_step_there_is_what_the_office_asks_for(
    joined: Flask, there: OpenIdProvider
):
    with joined.app_context(), transaction():
        settings.change({"require_two_step": True})
    weak, strong = Browser(joined), Browser(joined)

    log_in(weak, there)
    assert weak.get("/petugas").location == "/akun/dua-langkah"
    there.claims = {"acr": "mfa"}
    log_in(strong, there)
    assert strong.get("/petugas").status_code == 200


def test_a_dangerous_act_is_confirmed_by_logging_in_there_again(
    joined: Flask, there: OpenIdProvider, at
):
    browser = Browser(joined)
    log_in(browser, there)
    with joined.app_context(), transaction():
        row = db.session.scalars(db.select(LogIn)).one()
        row.confirmed_at = before = clock.now() - timedelta(hours=1)

    there.claims = {"auth_time": 1_000_000_000}
    assert log_in(browser, there, "?ulang=&next=/akun").status_code == 403
    there.claims = {"sub": "orang-lain"}
    assert log_in(browser, there, "?ulang=&next=/akun").status_code == 403
    there.claims = {}
    address = start(browser, "?ulang=&next=/akun")
    assert "prompt=login" in address
    assert browser.get(path_of(there.follow(address))).location == "/akun"
    with joined.app_context():
        assert db.session.scalars(db.select(LogIn)).one().confirmed_at > before


def test_where_it_is_required_only_the_first_admin_keeps_the_password(
    app: Flask, there: OpenIdProvider, at
):
    join(app, there, is_required=True)
    budi = Browser(app).post(
        "/masuk", {"email": email_of("budi"), "password": PASSWORD}
    )
    assert budi.status_code == 422 and "akun organisasi" in budi.text

    assert Browser(app).log_in("andi").get("/admin").status_code == 200
    assert Browser(app).log_in("siti").get("/konsultasi").status_code == 200


def enable_two_step(app: Flask) -> None:
    with app.app_context(), transaction():
        User.with_email(email_of("budi")).two_step_at = clock.now()
