"""One writer at a time on both engines, with any setting of the server."""

import threading
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from pst import clock, create_app
from pst.database import db, reading, transaction
from pst.database.postgresql import READS, WRITES
from pst.database.postgresql_server import OPTIONS
from pst.office.settings import OfficeSetting
from tests.pages import Browser
from tests.postgresql import of_postgresql
from tests.processes import wait_until
from tests.writer import KEY, OtherProcess, count_one

WAITING = sa.text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
ISOLATION = sa.text("SHOW transaction_isolation")
REQUEST = {
    "subject": "Jumlah penduduk",
    "description": "Menurut umur, tahun 2020 sampai 2025.",
    "area": "Wanadadi",
    "years": "2025",
}
DEFAULTS = ("repeatable read", "serializable")


@pytest.fixture
def set_isolation(app: Flask) -> Callable[[str], None]:
    """Let the server give each new session other means than its own."""

    def tell(isolation: str) -> None:
        with app.app_context():
            url = app.config["PST"].database_url
            engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.exec_driver_sql(
                    f'ALTER DATABASE "{engine.url.database}"'
                    f" SET default_transaction_isolation = '{isolation}'"
                )
            engine.dispose()
            db.engine.dispose()

    return tell


@of_postgresql
@pytest.mark.parametrize("isolation", DEFAULTS)
def test_who_waited_sees_what_the_other_wrote(
    app: Flask, set_isolation: Callable[[str], None], at: object, isolation: str
):
    with app.app_context(), transaction():
        zero = OfficeSetting(key=KEY, value="0", changed_at=clock.now())
        db.session.add(zero)
    set_isolation(isolation)
    other = OtherProcess(app)

    def write() -> None:
        with app.app_context(), transaction():
            count_one(lambda: None)

    writer = threading.Thread(target=write)
    writer.start()
    with app.app_context():
        wait_until(is_waited_for, "a writer that waits")
        other.tell()
        other.wait()
        writer.join()
        with reading():
            assert db.session.get_one(OfficeSetting, KEY).value == "2"


def is_waited_for() -> bool:
    with reading():
        return bool(db.session.scalar(WAITING))


@of_postgresql
def test_each_kind_of_transaction_begins_as_it_must(app: Flask, at: object):
    begun: list[str] = []
    with app.app_context():
        sa.event.listen(
            db.engine, "before_cursor_execute", lambda *of: begun.append(of[2])
        )
        with reading():
            assert db.session.scalar(ISOLATION) == "repeatable read"
        with transaction():
            assert db.session.scalar(ISOLATION) == "read committed"

    assert begun == [READS, ISOLATION.text, WRITES, ISOLATION.text]


@pytest.fixture
def hasty(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application, which waits for its turn to write for a moment only."""
    impatient = dict(OPTIONS, lock_timeout=50)
    monkeypatch.setattr("pst.database.postgresql_server.OPTIONS", impatient)
    monkeypatch.setattr("pst.database.sqlite.PRAGMAS", ("PRAGMA busy_timeout=50",))
    monkeypatch.setattr("pst.database.sqlite.BUSY_TIMEOUT_MS", 50)
    monkeypatch.setattr("pst.database.write_queue._file_beside", lambda *_: None)
    made = create_app(app.config["PST"])
    yield made
    with made.app_context():
        db.engine.dispose()


def test_who_waited_in_vain_reads_so_and_sends_it_again(hasty: Flask, at: object):
    siti = Browser(hasty).log_in("siti")
    filed = siti.post("/konsultasi/baru?jenis=data", REQUEST | {"key": "k"})
    here = filed.location.split("?")[0]
    message = {"body": "Kata yang panjang", "key": "k1", "csrf_token": siti.token()}
    other = OtherProcess(hasty)

    refused = siti.client.post(f"{here}/pesan", data=message)
    read = siti.get(here)
    other.tell()
    other.wait()
    again = [siti.client.post(f"{here}/pesan", data=message) for _ in range(2)]

    assert refused.status_code == 503
    assert "Sistem sedang sibuk" in refused.text
    assert (read.status_code, "Kata yang panjang" in read.text) == (200, False)
    assert [each.status_code for each in again] == [303, 303]
    assert siti.get(here).text.count("Kata yang panjang") == 1
