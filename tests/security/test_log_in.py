"""No one learns who has an account, and no log-in is forced on another."""

import re
import shutil
from collections import Counter

import pytest
import sqlalchemy as sa
from flask import Flask

from pst import create_app
from pst.accounts import passwords
from pst.accounts.users import User
from pst.database import db, transaction
from tests.conftest import settings_for
from tests.journeys.conftest import Browser
from tests.pages import rows
from tests.people import PASSWORD, email_of

KNOWN, UNKNOWN = email_of("siti"), "siapa@contoh.test"
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
REGISTRATION = {
    "name": "Tuti Handayani",
    "institution_kind": "perorangan",
    "institution": "Perorangan",
    "occupation": "wiraswasta",
    "password": "rumah-kecil-di-tepi-serayu",
    "consent": "y",
}


@pytest.fixture
def visitor(app: Flask, at) -> Browser:
    return Browser(app)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/masuk", {"password": "bukan-kata-sandinya"}),
        ("/lupa-sandi", {}),
        ("/verifikasi", {}),
        ("/daftar", REGISTRATION),
    ],
)
def test_the_answer_is_the_same_for_known_and_unknown(app, at, path, fields):
    answers = []
    for email in (KNOWN, UNKNOWN):
        browser = Browser(app)
        answer = browser.post(path, {**fields, "email": email})
        onward = browser.get(answer.location).text if answer.location else ""
        text = TOKEN.sub("", answer.text + onward).replace(email, "")
        kept = {
            k: v for k, v in answer.headers if k not in ("Set-Cookie", "Content-Length")
        }
        answers.append((answer.status_code, kept, text))

    assert answers[0] == answers[1]


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN, email_of("wati")])
def test_a_wrong_password_costs_one_comparison_for_any_account(
    app, visitor, monkeypatch, email
):
    """The time of a log-in is the time of its one Argon2 comparison."""
    with app.app_context(), transaction():
        User.register(email_of("wati"), "Wati", passwords.UNUSABLE)  # invited
    compared = []
    verify = passwords.HASHER.verify
    monkeypatch.setattr(
        type(passwords.HASHER),
        "verify",
        lambda self, hashed, password: (
            compared.append(hashed) or verify(hashed, password)
        ),
    )

    visitor.post("/masuk", {"email": email, "password": "bukan-kata-sandinya"})

    assert len(compared) == 1
    assert compared[0].split("$")[3] == passwords.ANY_HASH.split("$")[3], "as costly"


@pytest.mark.parametrize(
    ("path", "fields"),
    [("/lupa-sandi", {}), ("/verifikasi", {}), ("/daftar", REGISTRATION)],
)
def test_what_is_asked_for_costs_as_much_for_no_one(app, at, path, fields):
    """Writing is what the time goes into: as many rows, waiting once for the disk."""
    known, unknown = (cost(app, path, fields, email) for email in (KNOWN, UNKNOWN))

    assert known == unknown
    assert known["commit"] == 1
    assert known["INSERT"] > 2


def cost(app: Flask, path: str, fields: dict, email: str) -> Counter:
    """Count what is written while a form is answered."""
    counts: Counter = Counter()

    def note(_connection, _cursor, statement: str, *_) -> None:
        counts[statement.split()[0]] += statement.startswith("INSERT")

    def note_commit(_connection: object) -> None:
        counts["commit"] += 1

    browser = Browser(app)
    token = browser.token()
    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    sa.event.listen(engine, "commit", note_commit)
    browser.client.post(path, data={**fields, "csrf_token": token, "email": email})
    sa.event.remove(engine, "before_cursor_execute", note)
    sa.event.remove(engine, "commit", note_commit)
    return +counts


def test_a_log_in_takes_no_token_from_outside(visitor):
    """Session fixation: what the browser brings along opens nothing afterwards."""
    planted = "A" * 24
    visitor.client.set_cookie("pst_l", planted)
    before = visitor.client.get_cookie("pst_s")

    visitor.log_in("siti")

    assert visitor.client.get_cookie("pst_l").value != planted
    assert visitor.client.get_cookie("pst_s") != before
    other = Browser(visitor.app)
    other.client.set_cookie("pst_l", planted)
    assert other.get("/akun").status_code == 302


def test_a_log_in_ends_the_one_before_it_in_the_same_browser(visitor):
    visitor.log_in("siti")
    old = visitor.client.get_cookie("pst_l").value

    visitor.log_in("dewi")

    other = Browser(visitor.app)
    other.client.set_cookie("pst_l", old)
    assert other.get("/akun").status_code == 302


def test_the_form_token_changes_with_the_log_in(visitor):
    before = visitor.token()
    visitor.log_in("siti")

    answer = visitor.client.post(
        "/akun/profil", data={"csrf_token": before, "name": "Lain"}
    )

    assert answer.status_code == 400


def test_cookies_are_for_the_server_only(visitor):
    answer = visitor.post("/masuk", {"email": KNOWN, "password": PASSWORD})

    for cookie in answer.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_behind_tls_cookies_are_secure_and_bound_to_the_host(built, tmp_path, at):
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    app = create_app(settings_for(tmp_path, base_url="https://localhost"))
    browser = Browser(app)
    form = browser.client.get("/lupa-sandi", base_url="https://localhost").text
    token = re.search(r'name="csrf_token" value="([^"]*)"', form)[1]
    answer = browser.client.post(
        "/masuk",
        data={"csrf_token": token, "email": KNOWN, "password": PASSWORD},
        base_url="https://localhost",
    )

    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) >= 2
    for cookie in cookies:
        assert cookie.startswith("__Host-pst_")
        assert "Secure" in cookie
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def test_what_is_stored_of_a_log_in_or_a_link_opens_nothing(app, visitor):
    visitor.log_in("siti")
    visitor.post("/lupa-sandi", {"email": KNOWN})
    token = visitor.client.get_cookie("pst_l").value

    stored = rows(app)
    assert token not in str({k: v for k, v in stored.items() if k != "outbox_mail"})
    link = re.search(r"/sandi-baru/(\S+?)\\n", stored["outbox_mail"])[1]
    assert link not in stored["link_token"]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("http://127.0.0.1:8000", "pst_l"),
        ("http://127.0.0.1:8001", "pst_l_8001"),
        ("https://pst.contoh.go.id", "__Host-pst_l"),
        ("https://pst.contoh.go.id:8443", "__Host-pst_l_8443"),
    ],
)
def test_services_on_one_host_have_cookies_of_their_own(tmp_path, address, name):
    found = settings_for(tmp_path, base_url=address).for_flask()

    assert found["LOGIN_COOKIE"] == name
    assert found["SESSION_COOKIE_NAME"] == name.replace("pst_l", "pst_s")


def test_a_browser_is_logged_in_to_two_services_at_once(app: Flask, tmp_path, built):
    folder = tmp_path / "second"
    shutil.copytree(built, folder)
    second = create_app(settings_for(folder, base_url="http://127.0.0.1:8001"))
    jar: dict[str, str] = {}

    def visit(service: Flask, path: str, form: dict[str, str] | None = None):
        """Go there with what both set before: a browser keeps it by host."""
        client = service.test_client()
        for name, value in jar.items():
            client.set_cookie(name, value)
        answer = client.post(path, data=form) if form else client.get(path)
        for text in answer.headers.getlist("Set-Cookie"):
            name, _, value = text.partition(";")[0].partition("=")
            jar[name] = value
        return answer

    for service in (app, second):
        token = TOKEN.search(visit(service, "/masuk").text)[0].split('"')[3]
        form = {"csrf_token": token, "email": KNOWN, "password": PASSWORD}
        assert visit(service, "/masuk", form).status_code == 303

    assert visit(app, "/akun").status_code == visit(second, "/akun").status_code == 200
    assert {"pst_l", "pst_l_8001"} <= set(jar)
