"""A log-in ends on both sides, and a false notice ends none."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from joserfc.jwk import RSAKey

from pst import clock
from pst.accounts.log_in.two_step import TwoStep
from pst.accounts.users import User
from pst.database import db, transaction
from pst.personal_data.erasure import erase
from pst.single_sign_on.models import SignOnAccount
from pst.web.access import Role
from tests.journeys.conftest import Browser
from tests.people import email_of
from tests.single_sign_on.openid_provider import CLIENT, OpenIdProvider
from tests.single_sign_on.steps import end, log_in


def test_a_deactivated_person_is_out_at_once(joined: Flask, there: OpenIdProvider):
    browser = Browser(joined)
    log_in(browser, there)
    with joined.app_context(), transaction():
        User.with_email(email_of("budi")).active = False

    assert browser.get("/petugas").status_code == 302
    assert log_in(Browser(joined), there).status_code == 403


def test_logging_out_ends_both_sides(joined: Flask, there: OpenIdProvider):
    browser = Browser(joined)
    log_in(browser, there)
    answer = browser.post("/keluar")

    assert answer.status_code == 200
    address = re.search(r'http-equiv="refresh" content="1;url=([^"]+)"', answer.text)
    query = parse_qs(urlsplit(address[1].replace("&amp;", "&")).query)
    assert address[1].startswith(f"{there.url}/keluar?")
    assert query["client_id"] == [CLIENT] and query["id_token_hint"][0].count(".") == 2
    assert browser.get("/petugas").status_code == 302


def test_logging_out_ends_both_sides_after_a_second_step_here_too(
    joined: Flask, there: OpenIdProvider, at
):
    codes = recovery_codes(joined)
    browser = Browser(joined)
    log_in(browser, there)
    assert browser.post("/masuk/kode", {"code": codes[0]}).status_code == 303
    answer = browser.post("/keluar")

    assert answer.status_code == 200
    assert f"url={there.url}/keluar?client_id={CLIENT}" in answer.text
    assert "id_token_hint" not in answer.text


def test_the_provider_ends_the_log_ins_of_a_session(
    joined: Flask, there: OpenIdProvider
):
    browser, other = Browser(joined), Browser(joined)
    log_in(browser, there)
    there.person["sid"] = "sesi-2"
    log_in(other, there)
    local = Browser(joined).log_in("budi")

    assert end(joined, there.notice()) == 200
    assert browser.get("/petugas").status_code == 302
    assert other.get("/petugas").status_code == 200
    assert end(joined, there.notice()) == 200  # once more does no harm
    assert end(joined, there.notice(sid=None, sub="budi-di-organisasi")) == 200
    assert other.get("/petugas").status_code == 302
    assert local.get("/petugas").status_code == 200  # logged in without the provider


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://lain.test"},
        {"aud": "lain"},
        {"iat": 1_000_000_000},
        {"iat": None},
        {"events": None},
        {"nonce": "x"},
        {"sid": None},
    ],
)
def test_a_false_notice_ends_nothing(
    joined: Flask, there: OpenIdProvider, changed: dict
):
    browser = Browser(joined)
    log_in(browser, there)

    assert end(joined, there.notice(**changed)) == 400
    forged = there.sign({"iss": there.url}, RSAKey.generate_key(2048, {"kid": "1"}))
    for raw in (forged, "", "x", "a.b.c", "x" * 20_000):
        assert end(joined, raw) == 400
    assert browser.get("/petugas").status_code == 200


def test_an_erased_person_is_linked_to_no_one_there(
    joined: Flask, there: OpenIdProvider
):
    log_in(Browser(joined), there)
    with joined.app_context():
        with transaction():
            user = User.with_email(email_of("budi"))
            user.role = Role.USER
            erase(user, by=None)
        assert db.session.scalar(db.select(SignOnAccount)) is None


def recovery_codes(app: Flask) -> list[str]:
    """Switch the second step on for Budi; return the codes for a lost phone."""
    with app.app_context(), transaction():
        user = User.with_email(email_of("budi"))
        two_step = TwoStep.start(user)
        codes = two_step.recovery_codes
        two_step.enabled_at = two_step.codes_saved_at = clock.now()
        user.two_step_at = clock.now()
        db.session.flush()
        return list(codes)
