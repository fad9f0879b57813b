"""What both engines must do alike, where they differ by themselves.

`PST_TEST_ENGINE=postgresql pytest tests/test_engines.py` asks PostgreSQL.
"""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError, IntegrityError

from pst import clock, config, create_app, dead_letters
from pst.accounts.users import User
from pst.admin.queries import People
from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.database import (
    db,
    engine,
    engine_of,
    only_read,
    reading,
    rehearsal,
    transaction,
)
from pst.database.base import epoch
from pst.database.postgresql_server import OPTIONS
from pst.office.settings import OfficeSetting
from pst.reports.figures.period_figures import Figures
from pst.reports.periods import Period
from pst.server.config_values import BadSetting
from tests.conftest import copy, settings_for
from tests.pages import Browser
from tests.postgresql import IS_ASKED, Server, of_postgresql
from tests.writer import KEY, count_one, other_process

MOMENT = datetime(2026, 3, 2, 2, 0, 0, 123456, tzinfo=UTC)


def named(*names: str) -> None:
    """Register people of these names."""
    with transaction():
        for n, name in enumerate(names):
            User.register(f"orang{n}@contoh.test", name, "x")


def test_names_are_found_without_regard_to_case(context: None, at: object):
    named("Ratna Dewi")

    for typed in ("ratna", "RATNA", "Ratna dewi"):
        assert [each.name for each in People(typed).rows.items] == ["Ratna Dewi"]


def test_names_stand_in_the_order_of_their_characters(context: None, at: object):
    named("Zahra", "agus", "Ömer", "Agus", "Ab", "A b", "A-b")
    query = sa.select(User.name).order_by(User.name)

    rows = list(db.session.scalars(query))

    assert rows == sorted(rows)


def test_what_has_no_moment_stands_first_where_it_is_said_so(
    consultation: Consultation, siti: User
):
    other = Consultation.ask(siti, Category.DATA, "Dua", "Menurut umur.")
    other.tell_user_at = MOMENT
    db.session.commit()
    column = Consultation.tell_user_at

    for order, first in (
        (column.asc().nulls_first(), consultation),
        (column.desc().nulls_last(), other),
    ):
        query = sa.select(Consultation).order_by(order)
        assert db.session.scalars(query).first() is first


def test_the_next_row_comes_after_ids_that_were_given(context: None, at: object):
    table = OfficeSetting.__table__.metadata.tables["bad_address"]
    row = {
        column.name: {"id": 500}.get(column.name, "x" if is_text(column) else MOMENT)
        for column in table.columns
        if not column.nullable
    }
    with transaction():
        db.session.execute(sa.insert(table).values(row))
        engine().number_after(table)
        row.pop("id")
        others = {name: "y" for name, value in row.items() if value == "x"}
        rows = db.session.execute(sa.insert(table).values({**row, **others}))

    assert rows.inserted_primary_key == (501,)


def is_text(column: sa.Column[object]) -> bool:
    return isinstance(column.type, sa.String)


def test_no_row_has_a_number_that_is_too_great(context: None):
    for id in (2**31, 2**62):
        assert db.session.get(Consultation, id) is None


def test_a_page_of_such_a_number_is_not_there(app: Flask, at: object):
    budi = Browser(app).log_in("budi")

    assert budi.post("/petugas/surel-gagal", {"resend": "9" * 30}).status_code == 404


def test_a_list_has_no_page_of_such_a_number(app: Flask, at: object):
    siti = Browser(app).log_in("siti")

    assert siti.get(f"/konsultasi?hal={'9' * 30}").status_code == 404


def test_details_come_back_as_they_were(consultation: Consultation):
    details = {"z": 1, "a": ["ä", None, 1.5], "level": "desa", "teks": 'q"\\'}
    consultation.details = details
    db.session.commit()
    level = Consultation.details["level"].as_string()

    [stored] = db.session.scalars(sa.select(Consultation).where(level == "desa"))

    assert stored.details == details
    assert list(stored.details) == list(details)


def test_a_moment_is_the_same_in_every_zone_of_the_server(consultation: Consultation):
    consultation.tell_user_at = MOMENT
    db.session.commit()
    query = sa.select(epoch(Consultation.tell_user_at))

    assert db.session.scalar(query) == pytest.approx(MOMENT.timestamp(), abs=0.001)
    assert db.session.scalar(sa.select(Consultation.tell_user_at)) == MOMENT


def test_what_failed_within_a_rehearsal_harms_nothing(context: None, at: object):
    with transaction():
        with pytest.raises(IntegrityError), rehearsal():
            named_twice()
        db.session.add(setting("after", "1"))

    assert db.session.get(OfficeSetting, "after")
    assert db.session.get(OfficeSetting, "twice") is None


def named_twice() -> None:
    for _ in range(2):
        values = {"key": "twice", "value": "1", "changed_at": MOMENT}
        db.session.execute(sa.insert(OfficeSetting).values(values))


def test_after_an_error_the_next_transaction_begins_new(context: None, at: object):
    with pytest.raises(IntegrityError), transaction():
        named_twice()

    with transaction():
        db.session.add(setting("after", "1"))
    assert db.session.get(OfficeSetting, "twice") is None


def test_partial_indexes_are_partial(context: None):
    wanted = {
        index.name
        for table in db.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["postgresql"]["where"] is not None
        # SQLAlchemy reads no index of expressions from SQLite.
        and all(isinstance(each, sa.Column) for each in index.expressions)
    }
    inspector = sa.inspect(db.engine)
    there = {
        index["name"]
        for table in db.metadata.tables
        for index in inspector.get_indexes(table)
        if index.get("dialect_options", {}).get(f"{db.engine.dialect.name}_where")
        is not None
        and not index.get("expressions")
    }

    assert wanted == there
    assert len(wanted) > 5


def test_who_only_reads_sees_one_moment(app: Flask, consultation: Consultation):
    query = sa.text("SELECT count(*) FROM consultation")
    with reading():
        before = db.session.scalar(query)
        other = sa.create_engine(app.config["PST"].database_url)
        with other.begin() as connection:
            connection.exec_driver_sql("UPDATE consultation SET subject = 'lain'")
        other.dispose()
        subject = sa.text("SELECT subject FROM consultation")

        assert db.session.scalar(query) == before
        assert db.session.scalar(subject) != "lain"


def test_a_source_is_counted_in_small_letters_too(
    consultation: Consultation, budi: User
):
    consultation.claim(budi)
    consultation.say(budi, "Angkanya 7.\nsumber: Kecamatan Dalam Angka")
    db.session.commit()
    figures = Figures(Period.parse("2026-03"), clock.now())

    assert figures.public()["knowledge"]["cited"] == 1


@pytest.mark.sets_aside
def test_a_database_that_only_reads_is_no_fault_of_an_item(context: None, at: object):
    refuse = "SET TRANSACTION READ ONLY" if IS_ASKED else "PRAGMA query_only=ON"

    def act(id: int) -> None:
        db.session.execute(sa.text(refuse))
        db.session.execute(sa.delete(OfficeSetting))

    with pytest.raises(DatabaseError):
        dead_letters.each("a_job", [7], act)
    db.session.rollback()

    with reading():
        assert dead_letters.items() == []


@of_postgresql
def test_who_only_reads_writes_nothing(context: None):
    with pytest.raises(DatabaseError, match="read-only"), reading():
        db.session.execute(sa.text("UPDATE consultation SET subject = 'lain'"))


def test_after_a_page_was_read_its_thread_may_write(app: Flask, at: object):
    with app.app_context():
        Browser(app).get("/")
        db.session.rollback()
        db.session.add(setting("after", "1"))
        db.session.commit()


def setting(key: str, value: str) -> OfficeSetting:
    return OfficeSetting(key=key, value=value, changed_at=MOMENT)


def test_who_may_write_is_alone_across_processes(app: Flask, at: object):
    with app.app_context(), transaction():
        db.session.add(setting(KEY, "0"))
    other = other_process(app)
    address = app.config["PST"].database_url

    with app.app_context():
        assert engine_of(address).why_not_writable(address, patience_s=0.05)
        with reading():  # readers wait for no one
            assert db.session.get_one(OfficeSetting, KEY).value == "0"
        assert other.stdin is not None
        other.stdin.write("\n")
        other.stdin.close()
        with transaction():
            count_one(lambda: None)
        assert other.wait() == 0
        with reading():
            assert db.session.get_one(OfficeSetting, KEY).value == "2"
        assert not engine_of(address).why_not_writable(address, patience_s=1)


def test_who_waits_for_its_turn_in_vain_is_told_so(
    app: Flask, at: object, monkeypatch: pytest.MonkeyPatch
):
    other = other_process(app)
    impatient = dict(OPTIONS, lock_timeout=50)
    monkeypatch.setattr("pst.database.postgresql_server.OPTIONS", impatient)
    monkeypatch.setattr("pst.database.sqlite.PRAGMAS", ("PRAGMA busy_timeout=50",))
    monkeypatch.setattr("pst.database.sqlite.BUSY_TIMEOUT_MS", 50)
    monkeypatch.setattr("pst.database.write_queue._file_beside", lambda *_: None)
    with app.app_context():
        db.engine.dispose()
        hasty = db.engine if not IS_ASKED else hasty_engine(app)
        with pytest.raises(DatabaseError) as error, hasty.connect() as connection:
            only_read(False)
            connection.exec_driver_sql("SELECT 1")
        assert error.value.orig is not None
        assert engine().is_passing(error.value.orig)
    other.communicate("\n")


def hasty_engine(app: Flask) -> sa.Engine:
    address = app.config["PST"].database_url
    made = sa.create_engine(address, **engine_of(address).engine_options())
    engine_of(address).prepare(made)
    return made


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
