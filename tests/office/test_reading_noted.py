"""What the trail says of reading, downloading and its own end."""

import pytest
import sqlalchemy as sa
from flask import Flask

from pst.database import db, transaction
from pst.office import audit
from pst.office.audit import AuditEntry


def entries(app: Flask, action: str) -> list[tuple[str, int | None, str | None]]:
    columns = (AuditEntry.subject, AuditEntry.actor_id, AuditEntry.address)
    query = sa.select(*columns).filter_by(action=action).order_by(AuditEntry.id)
    with app.app_context():
        return [tuple(row) for row in db.session.execute(query)]


@pytest.fixture
def read(app: Flask):
    """Answer one request in which someone reads."""

    @app.get("/dibaca/<subject>/<int:reader_id>")
    def reading(subject: str, reader_id: int) -> str:
        audit.record_reading(subject, reader_id)
        return ""

    @app.get("/diunduh/<int:actor_id>")
    def export(actor_id: int) -> str:
        audit.record_export("comments", actor_id)
        return ""

    for view in (reading, export):
        view.access, view.allows = "everyone", lambda _user: True
    client = app.test_client()

    def get(path: str) -> None:
        with client.get(path) as answer:
            assert answer.status_code == 200

    return get


def test_a_reading_is_noted_once_a_day_for_each_reader_and_each_thing(read, app, at):
    read("/dibaca/a/1")
    at("2026-03-03 08:59:59+07:00")
    read("/dibaca/a/1")
    assert entries(app, "read") == [("a", 1, "127.0.0.1")]
    read("/dibaca/a/2")
    read("/dibaca/b/1")
    assert [row[:2] for row in entries(app, "read")] == [("a", 1), ("a", 2), ("b", 1)]

    at("2026-03-03 09:00:01+07:00")
    read("/dibaca/a/1")
    assert len(entries(app, "read")) == 4


def test_each_download_is_noted(read, app, at):
    read("/diunduh/7")
    read("/diunduh/7")
    assert entries(app, "export") == [("comments", 7, "127.0.0.1")] * 2


def test_an_end_that_was_noted_is_known_however_it_was_copied(siti):
    audit.record("try", "thing:1", siti.id)
    id, hashed = audit.end_of_chain()
    assert audit.has_entry(f"{id}: {hashed.upper()} ")
    for note in (f"{id + 1}:{hashed}", f"{id}:{hashed[:-1]}", f"x:{hashed}", ""):
        assert not audit.has_entry(note)


def test_a_long_trail_is_read_to_its_end(siti, monkeypatch):
    monkeypatch.setattr(audit, "READ_IN_PIECES_OF", 3)
    for n in range(7):
        audit.record("try", f"thing:{n}", siti.id)
    assert list(audit.broken_ids()) == []
    last, _ = audit.end_of_chain()
    db.session.flush()
    entry = db.session.get_one(AuditEntry, last)
    assert entry.subject == "thing:6"
    assert len(list(audit._all())) == db.session.scalar(
        sa.select(sa.func.count()).select_from(AuditEntry)
    )


def test_who_did_something_to_it_today_is_still_noted_as_its_reader(read, app, at):
    with app.app_context(), transaction():
        audit.record("mark_message", "a", 1)

    read("/dibaca/a/1")

    assert entries(app, "read") == [("a", 1, "127.0.0.1")]
