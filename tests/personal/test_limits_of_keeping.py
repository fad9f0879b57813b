"""Keeping goes exactly so far: which accounts, conversations and mails, how long."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pst import clock, dead_letters
from pst.accounts.address_change import AddressChange
from pst.accounts.log_ins import LogIn
from pst.consultations.models import Consultation
from pst.database import db
from pst.outbox.models import OutboxMail
from pst.personal_data import erasure, retention
from pst.personal_data.retention import keep_no_longer


def test_only_users_accounts_are_warned_of_their_end(siti, budi, hasan, andi, at):
    at("2036-03-02 09:00+07:00")
    keep_no_longer()

    warned = sa.select(OutboxMail.to_address).filter_by(kind="account_expiring")
    assert sorted(db.session.scalars(warned)) == [
        "dewi@contoh.test",
        "siti@contoh.test",
    ]
    for person in (budi, hasan, andi):
        db.session.refresh(person)
        assert person.expiry_told_at is None


def test_an_account_is_unused_when_the_months_are_over_and_not_before(siti, at):
    siti.last_log_in_at = clock.now()
    db.session.commit()
    at("2028-03-02 09:00+07:00")
    assert siti.id not in db.session.scalars(retention.unused_accounts(clock.now()))

    at("2028-03-02 09:00:01+07:00")
    assert siti.id in db.session.scalars(retention.unused_accounts(clock.now()))


def test_an_account_is_not_erased_while_an_undo_is_possible(siti, andi, at):
    at("2028-03-02 09:01+07:00")
    keep_no_longer()
    at("2028-04-01 09:01+07:00")
    AddressChange.order(siti, "lain@contoh.test", by=andi, why="Surat nomor 12.")
    db.session.commit()
    keep_no_longer()
    db.session.refresh(siti)
    assert not siti.is_erased
    assert dead_letters.items() == []

    at("2028-04-08 09:01+07:00")
    keep_no_longer()
    db.session.refresh(siti)
    assert siti.is_erased


def test_who_logs_in_while_the_list_is_gone_through_keeps_the_account(
    siti, at, monkeypatch
):
    at("2028-03-02 09:01+07:00")
    keep_no_longer()
    at("2028-05-02 09:02+07:00")
    listed = {rule.name: list(retention._ids(rule)) for rule in retention.RULES}
    assert siti.id in listed["accounts"]
    LogIn.open(db.session.merge(siti), "telepon")
    db.session.commit()
    monkeypatch.setattr(retention, "_ids", lambda rule: iter(listed[rule.name]))
    keep_no_longer()

    db.session.refresh(siti)
    assert not siti.is_erased


def test_an_open_conversation_is_never_too_old(consultation, budi, at):
    consultation.claim(budi)
    db.session.commit()
    at("2046-03-02 09:00+07:00")
    keep_no_longer()

    assert not db.session.get_one(Consultation, consultation.id).is_erased


@pytest.mark.parametrize("days", [6, 8])
def test_the_mail_about_the_erasure_is_kept_for_a_week(siti, at, days):
    erasure.erase(siti, by=siti)
    db.session.commit()
    mail = db.session.scalars(sa.select(OutboxMail).filter_by(kind="erased")).one()
    mail.mark_sent()
    db.session.commit()
    at(clock.now() + timedelta(days=days))
    keep_no_longer()

    left = db.session.scalar(sa.select(OutboxMail.id).filter_by(kind="erased"))
    assert (left is not None) is (days < 7)


@pytest.mark.parametrize(
    ("moment", "is_kept"),
    [("2027-03-02 09:00+07:00", True), ("2027-03-02 09:00:01+07:00", False)],
)
def test_other_mails_are_kept_as_long_as_the_logs(siti, at, moment, is_kept):
    OutboxMail.put("password_changed", to=siti.mailbox, cause="a").mark_sent()
    db.session.commit()

    at(moment)
    keep_no_longer()

    left = db.session.scalar(
        sa.select(OutboxMail.id).filter_by(kind="password_changed")
    )
    assert (left is not None) is is_kept
