"""What a person does to log in with the organisation."""

from dataclasses import replace
from urllib.parse import urlsplit

from flask import Flask

from pst.server.outward_config import Outward
from pst.server.sign_on_config import SignOn
from pst.single_sign_on import provider as providers
from tests.journeys.conftest import Browser
from tests.processes import HOST
from tests.single_sign_on.openid_provider import CLIENT, SECRET, OpenIdProvider

START, END = "/masuk/organisasi", "/masuk/organisasi/pengakhiran"


def join(app: Flask, there: OpenIdProvider, **changed: object) -> None:
    sign_on = SignOn(
        there.url, CLIENT, SECRET, frozenset(["contoh.test"]), frozenset(["mfa"]), False
    )
    app.config["PST"] = replace(
        app.config["PST"],
        sign_on=replace(sign_on, **changed),
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


def end(app: Flask, notice: str) -> int:
    """Send a notice as the provider does: without a page of ours."""
    client = app.test_client()
    return client.post(END, data={"logout_token": notice}).status_code
