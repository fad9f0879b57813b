"""What is secret stands in one file for us alone, and never in a log or an error."""

import logging
import stat

import pytest
from flask import Flask

from pst import config, create_app
from pst.server import config_values
from tests.journeys.conftest import Browser
from tests.journeys.mailbox import link_in
from tests.people import PASSWORD, email_of


def test_the_key_is_made_once_and_for_our_eyes_only(tmp_path):
    first = config.load({"PST_DATA_DIR": str(tmp_path)}).secret_key
    path = tmp_path / "secret_key"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(first) >= 32
    assert config.load({"PST_DATA_DIR": str(tmp_path)}).secret_key == first


def test_a_key_that_others_could_read_is_closed_to_them(tmp_path):
    config.load({"PST_DATA_DIR": str(tmp_path)})
    path = tmp_path / "secret_key"
    path.chmod(0o644)

    config.load({"PST_DATA_DIR": str(tmp_path)})

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_short_key_is_refused(tmp_path):
    with pytest.raises(config_values.BadSetting, match="32"):
        config.load({"PST_DATA_DIR": str(tmp_path), "PST_SECRET_KEY": "pendek"})


def test_the_settings_print_without_their_secrets(tmp_path):
    loaded = config.load(
        {
            "PST_DATA_DIR": str(tmp_path),
            "PST_MAIL_URL": "smtp://surat:sandi-surat@smtp.contoh.test:587",
        }
    )

    assert loaded.secret_key not in repr(loaded)
    assert "sandi-surat" not in repr(loaded)


def test_no_log_line_holds_a_password_an_address_or_a_link(app: Flask, at, caplog):
    caplog.set_level(logging.DEBUG)
    andi, siti = Browser(app).log_in("andi"), Browser(app)
    siti.post("/masuk", {"email": email_of("siti"), "password": "bukan-kata-sandinya"})
    siti.log_in("siti")
    siti.post("/lupa-sandi", {"email": email_of("siti")})
    link = link_in(andi, "mengganti kata sandi", "/sandi-baru/")
    siti.get(link)
    siti.post("/konsultasi/baru?jenis=data", {"subject": "Rahasia-9", "area": "x"})
    siti.get("/konsultasi/KS-2026-000777")
    token = siti.client.get_cookie("pst_l")

    for secret in (
        PASSWORD,
        "bukan-kata-sandinya",
        email_of("siti"),
        link.rsplit("/", 1)[-1],
        "Rahasia-9",
        token.value if token else "pst",
    ):
        assert secret not in caplog.text


def test_an_error_page_tells_nothing_but_a_number(app: Flask, at, monkeypatch):
    siti = Browser(app).log_in("siti")

    def break_down(*args: object, **kwargs: object) -> None:
        raise RuntimeError("Rahasia-10 di /home/pst/instance")

    monkeypatch.setitem(app.view_functions, "accounts.show", _marked(break_down, app))
    answer = siti.get("/akun")

    assert answer.status_code == 500
    assert "Nomor rujukan" in answer.text
    for told in ("Rahasia-10", "RuntimeError", "Traceback", "/home", "werkzeug"):
        assert told not in answer.text
    assert "Werkzeug" not in answer.headers.get("Server", "")


def _marked(view, app: Flask):  # type: ignore[no-untyped-def]
    view.access, view.roles = "everyone", None
    return view


def test_what_people_wrote_lies_open_to_no_one_else(app: Flask, at):
    folder = app.config["PST"].data_dir
    Browser(app).get("/cari?q=inflasi")  # a file of the index comes with it
    files = list(folder.glob("*.sqlite3"))
    for path in files:
        path.chmod(0o644)
    again = create_app(app.config["PST"])

    Browser(again).log_in("siti").get("/cari?q=penduduk")

    assert files
    for path in folder.glob("*.sqlite3*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
