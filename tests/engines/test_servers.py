"""A database server that is away, or not as it must be."""

from pathlib import Path

import pytest
from flask import Flask

from pst import config, create_app
from pst.database import db, engine_of
from pst.server.config_values import BadSetting
from tests.conftest import copy, settings_for
from tests.postgresql import Server, of_postgresql


@of_postgresql
@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ("ENCODING 'UTF8' LOCALE 'C.UTF-8'", ""),
        ("ENCODING 'UTF8' LOCALE 'C'", ""),
        ("ENCODING 'SQL_ASCII' LOCALE 'C'", "must be in UTF8, not in SQL_ASCII"),
        (
            "ENCODING 'UTF8' LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'id'",
            "must be made with LOCALE 'C.UTF-8'",
        ),
    ],
)
def test_a_database_must_order_names_as_sqlite_does(
    form: str, fault: str, postgresql: Server
):
    name = "odd"
    postgresql._say(f"CREATE DATABASE {name} TEMPLATE template0 {form}")
    address = postgresql.address(name)
    try:
        if fault:
            with pytest.raises(BadSetting, match=fault):
                engine_of(address).refuse_unfit(address)
        else:
            engine_of(address).refuse_unfit(address)
    finally:
        postgresql.drop(address)


@of_postgresql
def test_a_server_that_is_away_is_no_wrong_setting(tmp_path: Path):
    address = f"postgresql+psycopg://pst@/pst?host={tmp_path}"

    engine_of(address).refuse_unfit(address)


def test_who_is_signed_in_reads_that_the_server_is_away(built: Path, tmp_path: Path):
    """Not even who it is can be looked up for the frame of that page."""
    copy(built, tmp_path)
    address = f"postgresql+psycopg://pst@/pst?host={tmp_path}"
    app = create_app(settings_for(tmp_path, database_url=address))
    client = app.test_client()
    client.set_cookie(app.config["LOGIN_COOKIE"], "x" * 43)

    answer = client.get("/konsultasi")

    assert answer.status_code == 503
    assert "Nomor rujukan" in answer.text


@of_postgresql
def test_polls_are_read_from_the_server_that_takes_writes(app: Flask):
    """An address that names several servers asks for it (deploy/cluster.md)."""
    address = f"{app.config['PST'].database_url}&target_session_attrs=read-write"
    reader = engine_of(address).reader(address)

    assert reader.row("SELECT 1 + :n", {"n": 1}) == (2,)
    with pytest.raises(reader.errors, match="read-only"):
        reader.row("DELETE FROM office_setting RETURNING key", {})
    reader.pool.dispose()


@of_postgresql
def test_a_server_that_vanished_is_given_up_soon(context: None):
    driver = db.session.connection().connection.driver_connection
    limits = driver.info.get_parameters()

    assert limits["tcp_user_timeout"] == "15000"
    assert limits["keepalives_idle"] == "10"


def test_the_address_of_a_database_is_in_no_log(tmp_path: Path):
    secret = "sqlite:////tmp/rahasia.sqlite3"

    assert "rahasia" not in repr(settings_for(tmp_path, database_url=secret))


def test_a_missing_driver_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pst.server.config_values.find_spec", lambda name: None)
    url = "postgresql+psycopg://db/pst"

    with pytest.raises(BadSetting, match=r"requirements-postgresql\.lock"):
        config.load({"PST_DATA_DIR": str(tmp_path), "PST_DATABASE_URL": url})
