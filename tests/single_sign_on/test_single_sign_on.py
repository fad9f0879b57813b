"""Staff log in with their organisation, at a real provider with its faults."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from joserfc.jwk import RSAKey

from pst import clock
from pst.accounts.log_in.two_step import TwoStep
from pst.accounts.log_ins import LogIn
from pst.accounts.users import User
from pst.config import load
from pst.database import db, transaction
from pst.lamps import Lamp
from pst.office import settings
from pst.office.audit import AuditEntry
from pst.personal_data.erasure import erase
from pst.server.config_values import BadSetting
from pst.server.outward_config import Outward
from pst.server.sign_on_config import SignOn, sign_on
from pst.single_sign_on import provider as providers
from pst.single_sign_on.models import SignOnAccount
from pst.web.access import Role
from tests.journeys.conftest import Browser
from tests.people import PASSWORD, email_of
from tests.processes import HOST
from tests.single_sign_on.openid_provider import CLIENT, SECRET, OpenIdProvider
from tests.web_server import Answer

START, END = "/masuk/organisasi", "/masuk/organisasi/pengakhiran"


@pytest.fixture
def there() -> Iterator[OpenIdProvider]:
    with OpenIdProvider() as server:
        yield server


@pytest.fixture
def joined(app: Flask, there: OpenIdProvider) -> Flask:
    """The service, joined to the organisation."""
    join(app, there)
    return app


def join(app: Flask, there: OpenIdProvider, **changed: object) -> None:
    made = SignOn(
        there.url, CLIENT, SECRET, frozenset(["contoh.test"]), frozenset(["mfa"]), False
    )
    app.config["PST"] = replace(
        app.config["PST"],
        sign_on=replace(made, **changed),
        outward=Outward(private_hosts=frozenset([HOST])),
    )
    providers.init_app(app)


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def start(browser: Browser, query: str = "") -> str:
    answer = browser.get(START + query)
    assert answer.status_code == 303, answer.text
    return answer.location


def log_in(browser: Browser, there: OpenIdProvider, query: str = ""):
    return browser.get(path_of(there.follow(start(browser, query))))


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


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://lain.test"},
        {"aud": "lain"},
        {"aud": ["lain", CLIENT], "azp": "lain"},
        {"nonce": "lain"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"iat": 4_000_000_000},
        {"exp": "besok"},
        {"amr": "mfa"},
    ],
)
def test_a_token_that_is_not_for_this_log_in_opens_nothing(
    joined: Flask, there: OpenIdProvider, claims: dict
):
    there.claims = claims
    browser = Browser(joined)

    assert log_in(browser, there).status_code == 403
    assert browser.get("/petugas").status_code == 302


def test_a_token_of_another_key_opens_nothing(joined: Flask, there: OpenIdProvider):
    real, there.key = there.key, RSAKey.generate_key(2048, {"kid": "1"})
    browser = Browser(joined)
    address = start(browser)  # the keys are read: those of the wrong one
    there.key = real

    assert browser.get(path_of(there.follow(address))).status_code == 403


def test_a_new_key_is_read_when_a_token_bears_it(joined: Flask, there: OpenIdProvider):
    log_in(Browser(joined), there)
    there.key = RSAKey.generate_key(2048, {"kid": "2"})

    assert log_in(Browser(joined), there).status_code == 303
    count = len(there.requests)
    for _ in range(5):  # a key that is never there is not asked for each time
        end(joined, there.notice().replace("eyJ", "eyK", 1))
    assert len(there.requests) <= count + 2


def test_what_comes_back_works_once_and_only_where_it_was_asked_for(
    joined: Flask, there: OpenIdProvider
):
    budi, thief = Browser(joined), Browser(joined)
    back = path_of(there.follow(start(budi)))

    start(thief)
    assert thief.get(back).status_code == 400  # another browser's
    assert budi.get(back).status_code == 303
    again = budi.get(back)
    assert again.status_code == 400 and "Ulangi" in again.text
    assert Browser(joined).get(back).status_code == 400


def test_what_comes_back_too_late_opens_nothing(
    joined: Flask, there: OpenIdProvider, at
):
    browser = Browser(joined)
    back = path_of(there.follow(start(browser)))
    at(clock.now() + timedelta(minutes=11))

    assert browser.get(back).status_code == 400


def test_an_answer_of_another_issuer_is_not_taken(joined: Flask, there: OpenIdProvider):
    browser = Browser(joined)
    back = path_of(there.follow(start(browser))).replace(HOST, "lain.test")

    assert browser.get(back).status_code == 400


def test_who_declines_there_is_shown_the_way_on(joined: Flask, there: OpenIdProvider):
    browser = Browser(joined)
    state = parse_qs(urlsplit(start(browser)).query)["state"][0]
    answer = browser.get(f"{START}/kembali?error=access_denied&state={state}")

    assert answer.status_code == 400
    assert "dibatalkan" in answer.text and 'href="/masuk"' in answer.text


FAULTS = {
    "slow": Answer(b"", hangs=True),
    "error": Answer(b"", 500),
    "no JSON": Answer(b"<html>", 200),
    "a list": Answer(b"[]", 200),
    "elsewhere": Answer(b"", 302, {"Location": "http://169.254.169.254/"}),
    "cut off": Answer(b"{" + b" " * 1000 + b"}", 200, cut=10),
    "endless": Answer(b" " * 1_000_000, 200),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/kunci"])
def test_a_provider_in_trouble_leaves_the_password(
    joined: Flask, there: OpenIdProvider, path: str, fault: str, monkeypatch
):
    monkeypatch.setattr(providers, "TIMEOUT_S", 0.5)
    there.faults[path] = FAULTS[fault]
    browser = Browser(joined)
    answer = browser.get(START)

    assert answer.status_code == 503
    assert "tidak menjawab" in answer.text
    count = len(there.requests)
    assert browser.get(START).status_code == 503
    assert len(there.requests) == count, "a stranger's request asks again"
    with joined.app_context():
        assert db.session.get(Lamp, providers.LAMP).level == "warn"
    assert Browser(joined).log_in("budi")


@pytest.mark.parametrize("fault", FAULTS)
def test_tokens_that_do_not_come_let_no_one_in(
    joined: Flask, there: OpenIdProvider, fault: str, monkeypatch
):
    monkeypatch.setattr(providers, "TIMEOUT_S", 0.5)
    browser = Browser(joined)
    back = path_of(there.follow(start(browser)))
    there.faults["/token"] = FAULTS[fault]

    assert browser.get(back).status_code in (403, 503)
    assert browser.get("/petugas").status_code == 302


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://lain.test"},
        {"token_endpoint": "https://lain.test/token"},
        {"token_endpoint": None},
        {"jwks_uri": "http://169.254.169.254/kunci"},
    ],
)
def test_a_provider_that_points_elsewhere_is_not_followed(
    joined: Flask, there: OpenIdProvider, metadata: dict
):
    there.metadata = metadata
    browser = Browser(joined)
    answer = browser.get(START)
    if answer.status_code == 303:
        answer = browser.get(path_of(there.follow(answer.location)))

    assert answer.status_code == 503


def test_the_second_step_is_taken_here_unless_it_was_there(
    joined: Flask, there: OpenIdProvider
):
    enable_two_step(joined)
    browser = Browser(joined)
    asked = log_in(browser, there, "?next=/petugas/artikel")
    assert asked.location == "/masuk/kode?next=/petugas/artikel"
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
    asked = parse_qs(urlsplit(address[1].replace("&amp;", "&")).query)
    assert address[1].startswith(f"{there.url}/keluar?")
    assert asked["client_id"] == [CLIENT] and asked["id_token_hint"][0].count(".") == 2
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
    made = load({"PST_DATA_DIR": str(tmp_path), "PST_TESTING": "1", **whole}).sign_on
    assert made and made.domains == {"contoh.test", "bps.contoh.test"}
    assert "rahasia" not in repr(made)
    for name in whole:
        if name != "PST_OIDC_ISSUER":
            with pytest.raises(BadSetting, match=name):
                sign_on({**whole, name: " "})
    with pytest.raises(BadSetting, match="PST_OIDC_ISSUER"):
        sign_on({**whole, "PST_OIDC_ISSUER": "sso"})


def end(app: Flask, notice: str) -> int:
    """Send a notice as the provider does: without a page of ours."""
    client = app.test_client()
    return client.post(END, data={"logout_token": notice}).status_code


def enable_two_step(app: Flask) -> None:
    with app.app_context(), transaction():
        User.with_email(email_of("budi")).two_step_at = clock.now()


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
