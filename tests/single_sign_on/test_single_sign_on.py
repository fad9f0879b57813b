"""Staff log in with their organisation, and only with the account they have here."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from pst.config import load
from pst.database import db
from pst.office.audit import AuditEntry
from pst.server.config_values import BadSetting
from pst.server.sign_on_config import sign_on
from tests.journeys.conftest import Browser
from tests.single_sign_on.openid_provider import OpenIdProvider
from tests.single_sign_on.steps import START, end, log_in, start


def test_an_officer_with_an_account_gets_in(joined: Flask, there: OpenIdProvider):
    browser = Browser(joined)
    assert "masuk dengan akun organisasi" in browser.get("/masuk").text
    answer = log_in(browser, there)

    assert (answer.status_code, answer.location) == (303, "/petugas")
    assert browser.get("/petugas").status_code == 200
    # Again, in another browser: the account is linked, also with another address now.
    there.person["email"] = "nama.baru@contoh.test"
    assert log_in(Browser(joined), there).location == "/petugas"


def test_the_page_that_was_wanted_opens(joined: Flask, there: OpenIdProvider):
    answer = log_in(Browser(joined), there, "?next=/petugas/artikel")

    assert answer.location == "/petugas/artikel"
    evil = log_in(Browser(joined), there, "?next=//jahat.test/")
    assert evil.location == "/petugas"


@pytest.mark.parametrize(
    ("claims", "is_in"),
    [
        ({"email": "siapa@contoh.test"}, False),  # no account
        ({"email": "siti@contoh.test"}, False),  # a user of the service
        ({"email": "budi@contoh.test.jahat.test"}, False),
        ({"email": "budi@lain.test"}, False),
        ({"email_verified": False}, False),
        ({"email_verified": "true"}, False),
        ({"email_verified": None}, False),
        ({"sub": None}, False),
        ({"sub": "x" * 300}, False),
        ({"email": "BUDI@Contoh.Test"}, True),
    ],
)
def test_only_proved_addresses_of_staff_are_linked(
    joined: Flask, there: OpenIdProvider, claims: dict, is_in: bool
):
    there.claims = claims
    browser = Browser(joined)
    answer = log_in(browser, there)

    assert (answer.status_code == 303) == is_in
    assert (browser.get("/petugas").status_code == 200) == is_in
    if not is_in:
        assert answer.status_code == 403
        assert "Masuk dengan kata sandi" in answer.text


def test_a_second_account_there_is_not_linked_too(joined: Flask, there: OpenIdProvider):
    log_in(Browser(joined), there)
    there.person["sub"] = "orang-lain"

    assert log_in(Browser(joined), there).status_code == 403


def test_who_declines_there_is_shown_the_way_on(joined: Flask, there: OpenIdProvider):
    browser = Browser(joined)
    state = parse_qs(urlsplit(start(browser)).query)["state"][0]
    answer = browser.get(f"{START}/kembali?error=access_denied&state={state}")

    assert answer.status_code == 400
    assert "dibatalkan" in answer.text and 'href="/masuk"' in answer.text


def test_refused_log_ins_leave_a_trace(joined: Flask, there: OpenIdProvider):
    there.claims = {"email_verified": False}
    log_in(Browser(joined), there)

    with joined.app_context():
        entry = db.session.scalars(
            db.select(AuditEntry).filter_by(action="sign_on_failed")
        ).one()
        assert entry.detail["reason"] == "unknown"


def test_without_an_organisation_there_is_nothing_to_see(app: Flask, at: object):
    visitor = Browser(app)

    assert "organisasi" not in visitor.get("/masuk").text
    assert visitor.get(START).location == "/masuk"
    assert visitor.get(f"{START}/kembali?code=1&state=1").status_code == 400
    assert end(app, "a.b.c") == 400


def test_settings_that_lack_something_are_refused(tmp_path):
    whole = {
        "PST_OIDC_ISSUER": "https://sso.contoh.test/realms/bps",
        "PST_OIDC_CLIENT_ID": "pst",
        "PST_OIDC_CLIENT_SECRET": "rahasia",
        "PST_OIDC_DOMAINS": "contoh.test, bps.contoh.test",
    }
    there = load({"PST_DATA_DIR": str(tmp_path), "PST_TESTING": "1", **whole}).sign_on
    assert there and there.domains == {"contoh.test", "bps.contoh.test"}
    assert "rahasia" not in repr(there)
    for name in whole:
        if name != "PST_OIDC_ISSUER":
            with pytest.raises(BadSetting, match=name):
                sign_on({**whole, name: " "})
    with pytest.raises(BadSetting, match="PST_OIDC_ISSUER"):
        sign_on({**whole, "PST_OIDC_ISSUER": "sso"})
