"""Whom a mail reaches, under which name, and who owes a second step."""

from pst.accounts.user_row import UNKNOWN
from pst.accounts.users import User
from pst.accounts.visitors import visit
from pst.database import db
from pst.office import settings
from pst.outbox.bad_addresses import BadAddress


def newcomer() -> User:
    return User.register("baru@contoh.test", "Menang Undian http://x.test", "hash")


def test_a_name_that_no_one_proved_stands_in_no_mail(siti, budi, andi):
    unproved = newcomer()
    assert unproved.mailbox == (UNKNOWN, "baru@contoh.test")

    unproved.verify()

    assert unproved.mailbox == (unproved.name, "baru@contoh.test")
    budi.verified_at = None
    assert budi.mailbox == (budi.name, budi.email), "an admin made the account"


def test_a_visitor_is_mailed_where_they_said_and_by_name(context, at):
    here = visit("a", "Bu Tini", reachable_at="tini@contoh.test")
    nowhere = visit("b", "Pak Roni")

    assert here.mailbox == ("Bu Tini", "tini@contoh.test")
    assert here.can_be_mailed and not here.active
    assert not nowhere.can_be_mailed


def test_a_closed_account_is_not_mailed(siti, andi):
    assert siti.can_be_mailed
    siti.deactivate(andi)
    assert not siti.can_be_mailed


def test_who_proves_the_address_is_reached_there(context, at):
    unproved = newcomer()
    BadAddress.mark(" BARU@contoh.test", "5.1.1")
    db.session.flush()
    assert BadAddress.of("baru@contoh.test")

    unproved.verify()

    assert BadAddress.of("baru@contoh.test") is None


def test_the_staff_owes_a_second_step_where_the_office_asks_for_it(siti, budi):
    assert not budi.owes_two_step
    settings.change({"require_two_step": True})

    assert budi.owes_two_step
    assert not siti.owes_two_step
    budi.took_second_step_elsewhere = True
    assert not budi.owes_two_step
