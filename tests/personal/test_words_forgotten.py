"""What is erased is told to the indexes, counted once, and left in no old mail."""

import sqlalchemy as sa

from pst import clock
from pst.accounts.address_change import AddressChange
from pst.accounts.mails import (
    mail_address_changed,
    mail_address_proof,
    mail_password_changed,
)
from pst.accounts.visitors import visit
from pst.database import db
from pst.office.audit import AuditEntry
from pst.outbox.models import OutboxMail
from pst.personal_data import erasure
from pst.personal_data.erasure import FORGET_WORDS


def rung() -> set[str]:
    return set(db.session().info.get("later", ()))


def test_the_words_of_a_conversation_are_to_be_forgotten_everywhere(spoken, siti):
    db.session.commit()
    assert FORGET_WORDS not in rung()
    erasure.erase_conversation(spoken, by=siti)
    assert FORGET_WORDS in rung()


def test_who_is_erased_already_is_not_erased_again(siti, andi, at):
    erasure.erase(siti, by=andi)
    db.session.flush()
    first = siti.erased_at
    at(clock.now().replace(hour=5))
    assert erasure.erase(siti, by=andi) == []
    assert siti.erased_at == first
    entries = sa.select(sa.func.count(AuditEntry.id)).filter_by(
        action="erase", subject=siti.subject
    )
    assert db.session.scalar(entries) == 1


def test_only_who_has_an_account_is_mailed_of_its_end(siti, andi, at):
    visitor = visit("a", "Bu Tini", reachable_at="tini@contoh.test")
    erasure.erase(visitor, by=andi)
    erasure.erase(siti, by=andi)
    db.session.flush()
    kinds = sa.select(OutboxMail.to_address).filter_by(kind="erased")
    assert db.session.scalars(kinds).all() == ["siti@contoh.test"]


def test_what_was_mailed_to_an_address_that_was_left_is_erased_too(siti, dewi, at):
    mail_password_changed(siti)
    change, token = AddressChange.ask(siti, "siti.baru@contoh.test")
    mail_address_proof(change, token)
    at("2026-03-02 10:00+07:00")
    mail_address_changed(siti, change.before, change.prove())
    at("2026-03-12 10:00+07:00")  # the old address can take nothing back any more
    dewi.email = "siti@contoh.test"
    mail_password_changed(dewi)
    db.session.flush()

    erasure.erase(siti, by=siti)

    kept = set(db.session.execute(sa.select(OutboxMail.kind, OutboxMail.to_address)))
    assert kept == {
        ("erased", "siti.baru@contoh.test"),
        ("password_changed", "siti@contoh.test"),  # it is Dewi's now
    }
