"""What the database promises: durable, in order, small, and of the declared types."""

import fcntl
import gc
import os
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from pst import clock, config
from pst.accounts.users import User
from pst.database import (
    db,
    file_of,
    postgresql,
    read_columns,
    sqlite,
    transaction,
    write_queue,
)
from pst.office.settings import OfficeSetting
from pst.server.config_values import BadSetting
from tests.pages import Browser
from tests.postgresql import of_sqlite
from tests.processes import wait_until
from tests.stored import scalar

REQUEST = {
    "subject": "Jumlah penduduk",
    "description": "Menurut umur, tahun 2020 sampai 2025.",
    "area": "Wanadadi",
    "years": "2025",
}


@of_sqlite
def test_what_is_acknowledged_is_on_the_disk(context: None):
    assert scalar("PRAGMA journal_mode") == "wal"
    assert scalar("PRAGMA synchronous") == 2  # FULL
    assert scalar("PRAGMA foreign_keys") == 1


@of_sqlite
def test_writers_write_in_the_order_of_their_coming(app: Flask, at: object):
    began, written = [], []

    def write(n: int) -> None:
        with app.app_context(), transaction():
            began.append(n)
            db.session.scalar(sa.select(User.id).limit(1))  # here it gets its turn
            written.append(n)
            db.session.add(setting(f"writer_{n}"))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    with app.app_context(), transaction():
        db.session.scalar(sa.select(User.id).limit(1))
        for n, thread in enumerate(threads):
            thread.start()
            wait_until(lambda n=n: len(waiting()) == n + 1, "a place in the line")
        assert began == list(range(8)) and not written
    for thread in threads:
        thread.join()

    assert written == list(range(8))


def test_a_turn_is_given_back_also_when_writing_fails(app: Flask, at: object):
    gc.collect()  # a session left over from an earlier test may still hold the turn
    assert free() == 1

    with app.app_context():
        with pytest.raises(RuntimeError), transaction():
            db.session.add(setting("a"))
            db.session.flush()
            raise RuntimeError
        db.engine.dispose()

    assert not waiting()
    assert free() == 1


@pytest.mark.parametrize("url", ["postgresql://db/pst", "mysql://db/pst"])
def test_another_engine_is_refused_at_the_door(url: str, tmp_path: Path):
    with pytest.raises(BadSetting, match="must be sqlite:////path/to/file"):
        config.load({"PST_DATA_DIR": str(tmp_path), "PST_DATABASE_URL": url})


def setting(key: str) -> OfficeSetting:
    return OfficeSetting(key=key, value="1", changed_at=datetime.now(UTC))


def waiting() -> list[threading.Event]:
    return list(write_queue.turns.waiting)


def free() -> int:
    return write_queue.turns.free


@of_sqlite
def test_processes_stand_in_one_line(app: Flask):
    path = file_of(app.config["PST"].database_url)
    with app.app_context(), transaction():
        db.session.add(setting("poll_quiet_s"))
    other = os.open(f"{path}-writers", os.O_RDWR)  # as another process opens it
    fcntl.flock(other, fcntl.LOCK_EX)
    written = threading.Event()

    def write() -> None:
        with app.app_context(), transaction():
            db.session.add(setting("poll_idle_s"))
        written.set()

    writer = threading.Thread(target=write)
    writer.start()
    inode = f":{os.fstat(other).st_ino} "
    wait_until(lambda: is_waited_for(inode), "a writer that waits for the line")
    assert not written.is_set()
    os.close(other)  # as when that process dies
    writer.join()

    assert written.is_set()
    assert free() == 1


def is_waited_for(inode: str) -> bool:
    """Return whether the kernel holds someone back at this file."""
    locks = Path("/proc/locks").read_text().splitlines()
    return any("-> FLOCK" in line and inode in line for line in locks)


@of_sqlite
def test_no_one_waits_for_what_follows_a_commit(app: Flask):
    places: list[int] = []
    with app.app_context():
        event.listen(db.session(), "after_commit", lambda _: places.append(free()))
        with transaction():
            with db.session.begin_nested():
                db.session.add(setting("poll_quiet_s"))
            places.append(free())

    assert places == [0, 0, 1]


@of_sqlite
def test_a_database_in_which_others_write_all_the_time_is_writable(app: Flask):
    address = app.config["PST"].database_url
    again = "BEGIN IMMEDIATE; UPDATE alembic_version SET version_num = version_num"
    has_begun, is_over = threading.Event(), threading.Event()

    def write() -> None:
        path = file_of(address)
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            while not is_over.is_set():
                file.executescript(again)  # which commits first
                has_begun.set()
            file.execute("COMMIT")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert has_begun.wait(10)
        faults = {sqlite.why_not_writable(address, 0.05) for _ in range(20)}
    finally:
        is_over.set()
        writer.join()
    assert faults == {""}


def test_who_asks_is_found_out_before_the_lock(app: Flask, at: object):
    siti, asked = Browser(app).log_in("siti"), []
    filed = siti.post("/konsultasi/baru?jenis=data", REQUEST | {"key": "k"})
    here = filed.location.split("?")[0]
    siti.post(f"{here}/pesan", {"body": "Satu.", "key": "k1"})
    token = siti.token()
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    event.listen(engine, "commit", lambda _: asked.append("COMMIT"))
    form = {"body": "Dua.", "key": "k2", "csrf_token": token}
    assert siti.client.post(f"{here}/pesan", data=form).status_code == 303

    locks = ("BEGIN IMMEDIATE", postgresql.WRITES)
    begun = next(place for place, text in enumerate(asked) if text in locks)
    before, within = asked[:begun], asked[begun : asked.index("COMMIT", begun)]
    assert any("FROM log_in" in text for text in before)
    assert not any("FROM log_in" in text for text in within)
    writes = [text for text in within if text.startswith(("INSERT", "UPDATE"))]
    assert len(writes) == 3, within  # the entry, its author's mark, what polls compare
    assert len(within) <= 6, within


@of_sqlite
def test_threads_that_poll_in_turn_share_one_connection(app: Flask):
    reader = sqlite.reader(app.config["SQLALCHEMY_DATABASE_URI"])
    rows: list[object] = []

    def poll() -> None:
        rows.append(reader.row("SELECT :n", {"n": 1}))

    for _ in range(20):
        thread = threading.Thread(target=poll)
        thread.start()
        thread.join()

    assert rows == [(1,)] * 20
    assert len(reader.idle) == 1


@of_sqlite
def test_a_poll_that_fails_gives_its_connection_back(app: Flask):
    reader = sqlite.reader(app.config["SQLALCHEMY_DATABASE_URI"])

    with pytest.raises(reader.errors):
        reader.row("SELECT nothing FROM nowhere", {})

    assert reader.row("SELECT 1", {}) == (1,)
    assert len(reader.idle) == 1


def test_columns_are_read_with_what_is_not_stored_yet(context: None):
    setting = OfficeSetting(key="poll_idle_s", value="9", changed_at=clock.now())
    db.session.add(setting)

    query = sa.select(OfficeSetting.value).where(OfficeSetting.key == "poll_idle_s")
    assert read_columns(query).scalar() == "9"
