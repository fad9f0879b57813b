"""The trail is append-only, and its chain tells where somebody changed it anyway."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from pst.consultations.models import Reason
from pst.database import db
from pst.office import audit
from pst.office.audit import AuditEntry


@pytest.fixture
def entries(at, siti) -> list[AuditEntry]:
    for n in range(5):
        audit.record("try", f"thing:{n}", siti.id, count=n, words="ä ≠ a")
    db.session.commit()
    return list(db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)))


def tamper(statement: str) -> None:
    """Change the trail as somebody with the database file could."""
    for act in ("update", "delete"):
        db.session.execute(sa.text(f"DROP TRIGGER audit_entry_no_{act}"))
    db.session.execute(sa.text(statement))
    db.session.commit()


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET actor_id = 9", "DELETE FROM audit_entry"]
)
def test_entries_are_neither_changed_nor_deleted(entries, statement):
    with pytest.raises(IntegrityError, match="append-only"):
        db.session.execute(sa.text(statement))


def test_an_untouched_trail_is_whole(entries):
    assert list(audit.broken_ids()) == []


@pytest.mark.parametrize(
    "change",
    [
        "actor_id = 99",
        "action = 'other'",
        "at = '2026-03-02 03:00:00.000000'",
        "detail = '{}'",
        "address = '10.0.0.1'",
        "hash = NULL",
    ],
)
def test_a_changed_entry_is_found(entries, change):
    id = entries[-3].id
    tamper(f"UPDATE audit_entry SET {change} WHERE id = {id}")

    assert id in list(audit.broken_ids())


def test_a_missing_entry_is_found(entries):
    gone, after = entries[-3].id, entries[-2].id
    tamper(f"DELETE FROM audit_entry WHERE id = {gone}")

    assert list(audit.broken_ids()) == [after]


def test_a_trail_cut_off_at_its_end_no_longer_has_the_end_that_was_noted(entries):
    id, hashed = audit.end_of_chain()
    assert audit.has_entry(f"{id}:{hashed}")

    tamper(f"DELETE FROM audit_entry WHERE id = {id}")

    assert list(audit.broken_ids()) == []
    assert not audit.has_entry(f"{id}:{hashed}")


def test_everything_a_consultation_goes_through_keeps_the_chain(consultation, budi):
    consultation.claim(budi)
    consultation.say(budi, "Tahun berapa?")
    consultation.say(consultation.user, "2025.")
    consultation.close(Reason.RESOLVED, by=budi)
    db.session.commit()

    assert list(audit.broken_ids()) == []


def test_the_trail_holds_no_words_of_a_conversation(consultation, budi):
    consultation.claim(budi)
    consultation.say(budi, "Rahasia-42")
    consultation.note(budi, "Rahasia-43")
    db.session.commit()

    told = db.session.execute(sa.text("SELECT * FROM audit_entry")).all()
    assert "Rahasia" not in str(told)
    assert consultation.subject not in str(told)


def test_the_command_says_whether_the_trail_is_whole(entries, app: Flask):
    id, hashed = audit.end_of_chain()
    runner = app.test_cli_runner()

    whole = runner.invoke(args=["audit", "verify", "--expect", f"{id}:{hashed}"])
    assert whole.exit_code == 0
    assert f"{id}:{hashed}" in whole.output

    tamper(f"UPDATE audit_entry SET actor_id = 9 WHERE id = {entries[-1].id}")
    broken = runner.invoke(args=["audit", "verify"])
    assert broken.exit_code == 1
    assert f"broken at {entries[-1].id}" in broken.output
