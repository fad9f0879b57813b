"""What comes back from the provider opens one log-in, once, and soon."""

from datetime import timedelta

import pytest
from flask import Flask
from joserfc.jwk import RSAKey

from pst import clock
from tests.journeys.conftest import Browser
from tests.processes import HOST
from tests.single_sign_on.openid_provider import CLIENT, OpenIdProvider
from tests.single_sign_on.steps import end, log_in, path_of, start


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
