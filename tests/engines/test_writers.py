"""Who reads and who writes, alike on both engines."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError, IntegrityError

from pst import dead_letters
from pst.consultations.models import Consultation
from pst.database import (
    db,
    engine,
    engine_of,
    only_read,
    reading,
    rehearsal,
    transaction,
)
from pst.database.postgresql_server import OPTIONS
from pst.office.settings import OfficeSetting
from tests.pages import Browser
from tests.postgresql import IS_ASKED, of_postgresql
from tests.writer import KEY, OtherProcess, count_one

MOMENT = datetime(2026, 3, 2, 2, 0, 0, 123456, tzinfo=UTC)


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
    other = OtherProcess(app)
    address = app.config["PST"].database_url

    with app.app_context():
        assert engine_of(address).why_not_writable(address, patience_s=0.05)
        with reading():  # readers wait for no one
            assert db.session.get_one(OfficeSetting, KEY).value == "0"
        other.tell()
        with transaction():
            count_one(lambda: None)
        other.wait()
        with reading():
            assert db.session.get_one(OfficeSetting, KEY).value == "2"
        assert not engine_of(address).why_not_writable(address, patience_s=1)


def test_who_waits_for_its_turn_in_vain_is_told_so(
    app: Flask, at: object, monkeypatch: pytest.MonkeyPatch
):
    other = OtherProcess(app)
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
    other.tell()
    other.wait()


def hasty_engine(app: Flask) -> sa.Engine:
    address = app.config["PST"].database_url
    made = sa.create_engine(address, **engine_of(address).engine_options())
    engine_of(address).prepare(made)
    return made
