"""The register of breaches: who is notified, by when, and what is left to do."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pst import clock
from pst.accounts.users import User
from pst.accounts.visitors import visit
from pst.database import db
from pst.office.audit import AuditEntry
from pst.personal_data.breaches import NO_ADDRESS_LEFT, TEXTS, Breach
from tests.owed import mails


def enter(by: User, concerned: str = "") -> Breach:
    texts = dict.fromkeys(TEXTS, "Uraian.")
    return Breach.open(by, clock.now(), {**texts, "concerned": concerned})


@pytest.fixture
def breach(andi: User, at) -> Breach:
    return enter(andi)


def trail(action: str) -> list[int | None]:
    query = sa.select(AuditEntry.actor_id).filter_by(action=action)
    return list(db.session.scalars(query))


def test_people_and_the_authority_are_notified_within_three_days(breach, andi, at):
    known_at = clock.now()
    assert breach.hours_left == 72 and not breach.is_late
    at(known_at + timedelta(days=3))
    assert not breach.is_late and breach.hours_left == 0
    at(known_at + timedelta(days=3, seconds=1))
    assert breach.is_late

    breach.note_report(andi)
    assert breach.is_late and not breach.is_done, "the people know nothing yet"
    breach.tell(andi)
    assert breach.is_done and not breach.is_late


def test_who_was_told_is_not_enough_without_the_authority(breach, andi):
    breach.tell(andi)
    breach.close(andi)
    assert trail("open_breach") == trail("tell_breach") == [andi.id]
    assert not breach.is_done and Breach.running() == [breach]
    breach.note_report(andi)
    assert Breach.running() == []


def test_the_first_report_and_the_first_end_count(breach, andi, hasan, at):
    first = clock.now()
    breach.note_report(andi)
    breach.close(andi)
    at(first + timedelta(hours=1))
    breach.note_report(hasan)
    breach.close(hasan)

    assert breach.reported_at == breach.closed_at == first
    assert trail("report_breach") == trail("close_breach") == [andi.id]


def test_without_addresses_all_users_are_concerned(breach, siti, dewi, budi, andi):
    reachable = visit("a", "Pak Karto", reachable_at="karto@contoh.test")
    visit("b", "Pak Roni")
    assert breach.people() == [siti, dewi, reachable]

    dewi.erase(None)
    siti.deactivate(andi)
    db.session.flush()
    assert breach.people() == [siti, reachable], "her data were there all the same"


def test_only_those_named_are_notified_each_once(siti, dewi, budi, andi, at):
    reachable = visit("a", "Pak Karto", reachable_at="Karto@contoh.test")
    breach = enter(andi, " SITI@contoh.test \nkarto@contoh.test\nbudi@contoh.test")
    assert breach.people() == [siti, budi, reachable]

    assert breach.tell(andi) == 3
    first = breach.told_at
    at("2026-03-02 10:00+07:00")
    assert breach.tell(andi) == 3

    assert {mail.to_address for mail in mails("breach")} == {
        "siti@contoh.test",
        "budi@contoh.test",
        "Karto@contoh.test",
    }
    assert len(mails("breach")) == 3
    assert breach.told_at > first and breach.told_count == 3


def test_what_is_written_is_corrected_and_noted(breach, hasan):
    breach.change(hasan, {"what": "Lebih tepat."})
    assert (breach.what, breach.how) == ("Lebih tepat.", "Uraian.")
    assert trail("change_breach") == [hasan.id]


def test_an_address_is_forgotten_whole_and_no_other_that_holds_it(siti, andi, at):
    breach = enter(andi, "siti@contoh.test\nmasiti@contoh.test")
    Breach.forget("Siti@contoh.test")
    assert breach.addresses == ["masiti@contoh.test"]
    Breach.forget("masiti@contoh.test")
    assert breach.addresses == [NO_ADDRESS_LEFT]
    assert breach.people() == [], "it does not come to concern all"


def test_the_newest_breach_stands_first(breach, andi, at):
    at("2026-03-03 09:00+07:00")
    newer = enter(andi)
    assert Breach.all() == [newer, breach]
