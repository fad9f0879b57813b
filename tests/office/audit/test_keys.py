"""The key of the trail: no one without it writes a chain that holds."""

import sqlalchemy as sa

from pst.database import db
from pst.office import audit
from pst.office.audit import AuditEntry
from tests.office.audit.steps import KEY, OTHER, tamper, use


def forge() -> None:
    """Change an entry and write the chain as it would be without a key."""
    tamper("UPDATE audit_entry SET actor_id = 99, key_id = NULL")
    before = audit.FIRST
    for entry in db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)):
        names = ("at", "actor_id", "action", "subject", "detail", "address")
        before = audit.seal(before, {name: getattr(entry, name) for name in names})
        entry.hash = before
    db.session.commit()


def test_a_chain_without_a_key_goes_on_with_one(entries):
    use(KEY)
    audit.begin_key()
    audit.record("try", "thing:6", None)
    audit.begin_key()
    db.session.commit()

    assert list(audit.broken_ids()) == []
    assert audit.beginning_of_keys() == entries[-1].id + 1
    assert audit.end_of_chain()[0] == entries[-1].id + 2


def test_no_one_without_the_key_writes_a_chain_that_holds(entries):
    use(KEY)
    audit.begin_key()
    audit.record("try", "thing:6", None)
    db.session.commit()

    forge()

    assert list(audit.broken_ids()) == [audit.end_of_chain()[0]]


def test_an_entry_before_the_key_is_held_by_it(entries):
    use(KEY)
    audit.begin_key()
    db.session.commit()

    tamper(f"UPDATE audit_entry SET actor_id = 9 WHERE id = {entries[1].id}")

    assert list(audit.broken_ids()) == [entries[1].id]


def test_an_entry_without_a_key_after_one_with_it_is_found(entries):
    use(KEY)
    audit.begin_key()
    use()
    audit.record("try", "thing:7", None)
    use(KEY)
    db.session.commit()

    assert list(audit.broken_ids()) == [audit.end_of_chain()[0]]


def test_an_older_key_is_known_as_long_as_it_is_named(entries):
    use(KEY)
    audit.begin_key()
    use(OTHER, KEY)
    audit.begin_key()
    db.session.commit()

    assert list(audit.broken_ids()) == []
    use(OTHER)
    assert list(audit.broken_ids()) == [audit.end_of_chain()[0] - 1]


def test_an_entry_without_a_key_is_found_although_keyed_ones_follow(entries):
    use(KEY)
    audit.begin_key()
    use()
    audit.record("try", "thing:7", None)
    unkeyed = audit.end_of_chain()[0]
    use(KEY)
    audit.record("try", "thing:8", None)
    db.session.commit()

    assert list(audit.broken_ids()) == [unkeyed]


def test_where_no_key_is_set_none_begins(entries):
    end = audit.end_of_chain()

    audit.begin_key()

    assert audit.end_of_chain() == end
