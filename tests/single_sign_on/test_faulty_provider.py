"""A provider in trouble lets no one in, and leaves the password."""

import pytest
from flask import Flask

from pst.database import db
from pst.lamps import Lamp
from pst.single_sign_on import provider as providers
from tests.journeys.conftest import Browser
from tests.single_sign_on.openid_provider import OpenIdProvider
from tests.single_sign_on.steps import START, path_of, start
from tests.web_server import Answer

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
