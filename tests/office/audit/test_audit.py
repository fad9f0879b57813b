"""The trail is append-only, and its chain tells where someone changed it anyway."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from pst.admin.jobs import mail_trail_end
from pst.consultations.states import Reason
from pst.database import db
from pst.office import audit
from pst.outbox.models import OutboxMail
from tests.office.audit.steps import KEY, tamper, use
from tests.postgresql import IS_ASKED


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


def test_the_oldest_entries_do_not_lose_their_hashes_unseen(entries):
    first = entries[2].id
    tamper(f"UPDATE audit_entry SET hash = NULL WHERE id < {first}")

    assert list(audit.broken_ids()) == [first]


def test_a_missing_entry_is_found(entries):
    id, after = entries[-3].id, entries[-2].id
    tamper(f"DELETE FROM audit_entry WHERE id = {id}")

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

    rows = db.session.execute(sa.text("SELECT * FROM audit_entry")).all()
    assert "Rahasia" not in str(rows)
    assert consultation.subject not in str(rows)


VERBS = ["INSERT"]
if not IS_ASKED:
    VERBS += ["INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"]


@pytest.mark.parametrize("id", [1, 3, 5])
def test_no_insertion_replaces_an_entry_or_comes_between(entries, id):
    place = entries[id - 1].id
    before = db.session.execute(sa.text("SELECT * FROM audit_entry")).all()
    columns = "at, actor_id, action, subject, detail"
    for verb in VERBS:
        for new in (place, 0, -1):
            with pytest.raises(IntegrityError, match="append-only"):
                db.session.execute(
                    sa.text(
                        f"{verb} INTO audit_entry (id, {columns})"
                        f" VALUES ({new}, '2026-03-02', 1, 'x', 'y', '{{}}')"
                    )
                )
            db.session.rollback()

    assert db.session.execute(sa.text("SELECT * FROM audit_entry")).all() == before


def test_the_admins_are_mailed_the_end_of_the_chain_once_a_month(entries, andi, at):
    use(KEY)
    audit.begin_key()
    db.session.commit()
    id, hashed = audit.end_of_chain()
    for day in ("2026-03-02", "2026-03-31", "2026-04-01"):
        at(f"{day} 09:00+07:00")
        mail_trail_end()

    letters = list(
        db.session.scalars(sa.select(OutboxMail).filter_by(kind="trail_end"))
    )
    assert len(letters) == 2
    assert f"{id}:{hashed}" in letters[0].body
    assert f"catatan {id}" in letters[0].body


def test_the_command_says_whether_the_trail_is_whole(entries, app: Flask):
    id, hashed = audit.end_of_chain()
    runner = app.test_cli_runner()

    whole = runner.invoke(args=["audit", "verify", "--expect", f"{id}:{hashed}"])
    assert whole.exit_code == 0
    assert f"{id}:{hashed}" in whole.output

    tamper(f"UPDATE audit_entry SET actor_id = 9 WHERE id = {entries[-1].id}")
    result = runner.invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert f"broken at {entries[-1].id}" in result.output
