"""No form without its token is taken, on any route, from anyone."""

import pytest
from flask import Flask

from tests.journeys.conftest import Browser
from tests.pages import rows
from tests.security.routes import MAY, NAMES, path_of, written

# Mail programs press it (RFC 8058): the signed link in the address is the token.
SIGNED = {"/berhenti/<token>"}


@pytest.mark.parametrize("role", ["user", "officer", "head", "admin"])
def test_a_form_without_its_token_is_refused_everywhere(app: Flask, at, role: str):
    browser = Browser(app).log_in(NAMES[role])

    for access, method, rule in written():
        if method == "POST" and role in MAY[access]:
            answer = browser.client.post(path_of(rule), data={"word": "HAPUS"})
            assert answer.status_code == (404 if rule in SIGNED else 400), rule
    assert browser.get("/akun").status_code == 200, "still there, still signed in"


def test_the_token_of_another_session_is_worth_nothing(app: Flask, at):
    siti, dewi = Browser(app).log_in("siti"), Browser(app).log_in("dewi")

    answer = siti.client.post(
        "/akun/profil", data={"csrf_token": dewi.token(), "name": "Lain"}
    )

    assert answer.status_code == 400


def test_no_get_changes_a_row(app: Flask, at):
    """A dump before and after every GET is the same, but for what is noted after."""
    people = {role: Browser(app).log_in(name) for role, name in NAMES.items()}
    for path in ("/cari?q=inflasi", "/klasifikasi?q=padi"):
        people["user"].client.get(path)  # a web server may yet make its index
    before = rows(app)

    for access, method, rule in written():
        for role, browser in people.items():
            if method == "GET" and role in MAY[access]:
                browser.client.get(path_of(rule))  # unbuffered: nothing after it

    assert rows(app) == before
