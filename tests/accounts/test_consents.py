"""What a newcomer agrees to, each purpose by itself; and slips in their address."""

import pytest
import sqlalchemy as sa

from pst import clock
from pst.accounts.consents import Consent, ConsentPurpose
from pst.accounts.registration.domains import likely_meant
from pst.accounts.users import User
from pst.database import db
from pst.office import audit


def held(user: User) -> dict[ConsentPurpose, str]:
    return {purpose: row.version for purpose, row in Consent.current(user).items()}


def test_a_consent_holds_until_it_is_taken_back_or_given_to_another_version(
    siti, dewi, at
):
    before = held(siti)
    Consent.give(siti, ConsentPurpose.NEWS, "1")
    Consent.give(siti, ConsentPurpose.NEWS, "1")
    Consent.give(dewi, ConsentPurpose.NEWS, "1")
    rows = [row for row in Consent.history(siti) if row.purpose is ConsentPurpose.NEWS]
    assert len(rows) == 1 and rows[0].withdrawn_at is None

    at("2026-03-02 10:00+07:00")
    Consent.give(siti, ConsentPurpose.NEWS, "2")
    first, second = (
        r for r in Consent.history(siti) if r.purpose is ConsentPurpose.NEWS
    )
    assert (first.version, first.withdrawn_at) == ("1", clock.now())
    assert (second.given_at, second.withdrawn_at) == (clock.now(), None)
    assert held(siti) == before | {ConsentPurpose.NEWS: "2"}

    Consent.withdraw(siti, ConsentPurpose.NEWS)
    Consent.withdraw(siti, ConsentPurpose.NEWS)
    assert held(siti) == before
    assert second.withdrawn_at == clock.now()
    assert held(dewi)[ConsentPurpose.NEWS] == "1"
    trail = sa.select(audit.AuditEntry.actor_id).filter_by(action="withdraw_consent")
    assert db.session.scalars(trail).all() == [siti.id]


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("siti@gmial.com", "siti@gmail.com"),
        ("siti@GMAIL.CON", "siti@gmail.com"),
        ("siti@yaho.co.id", "siti@yahoo.co.id"),
        ("siti@gmail.com", None),
        ("siti@mail.com", None),
        ("siti@bps.go.id", None),
        ("@gmial.com", None),
    ],
)
def test_a_slip_of_the_domain_is_asked_about(email, domain):
    assert likely_meant(email) == domain
