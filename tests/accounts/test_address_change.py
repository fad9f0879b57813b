"""While an earlier address may take an account back, nothing makes that worthless."""

from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa

from pst import clock, dead_letters
from pst.accounts.address_change import AddressChange
from pst.accounts.log_in.two_step import TwoStep
from pst.accounts.users import User
from pst.database import db
from pst.personal_data import erasure
from pst.personal_data.retention import keep_no_longer
from pst.rules import WrongState
from tests.accounts.conftest import FRESH


def test_an_account_is_not_erased_while_a_change_may_be_undone(change, siti, andi, at):
    for by in (siti, andi, None):
        with pytest.raises(WrongState, match="masih dapat membatalkannya"):
            erasure.erase(siti, by=by)
    assert not siti.is_erased

    at("2026-03-09 09:00+07:00")
    erasure.erase(siti, by=siti)

    assert siti.is_erased


def test_an_erasure_that_is_repeated_after_a_restore_asks_no_one(change, siti):
    erasure.erase(siti, by=None, tell=False)

    assert siti.is_erased


def test_a_link_does_what_its_mail_said_and_nothing_else(siti, at):
    change, to_prove = AddressChange.ask(siti, FRESH)
    assert AddressChange.find(to_prove, is_made=False) is change
    assert AddressChange.find(to_prove, is_made=True) is None

    to_undo = change.prove()
    db.session.flush()

    assert AddressChange.find(to_prove, is_made=False) is None, "it worked once"
    assert AddressChange.find(to_undo, is_made=True) is change
    assert AddressChange.find(to_undo, is_made=False) is None
    siti.erase(by=None)
    assert AddressChange.find(to_undo, is_made=True) is None


def test_only_the_newest_wish_counts(siti, at):
    _, first = AddressChange.ask(siti, FRESH)
    newest, second = AddressChange.ask(siti, "lain@contoh.test")

    assert AddressChange.find(first, is_made=False) is None
    assert AddressChange.find(second, is_made=False) is newest


def test_no_stranger_registers_in_the_place_of_an_invited_officer(siti, budi):
    for person in (siti, budi):
        person.verified_at = None

    assert AddressChange.is_taken(budi)
    assert not AddressChange.is_taken(siti)


def test_an_account_is_erased_at_once_after_an_undo(change, siti):
    change.undo()

    erasure.erase(siti, by=siti)

    assert siti.is_erased


def test_an_owner_changes_the_address_once_until_it_can_not_be_undone(change, siti, at):
    with pytest.raises(WrongState, match="masih dapat membatalkannya"):
        AddressChange.ask(siti, "lain@contoh.test")

    at("2026-03-09 09:00+07:00")
    second, _ = AddressChange.ask(siti, "lain@contoh.test")
    second.prove()

    assert siti.email == "lain@contoh.test"


def test_a_wish_is_not_proved_while_an_admins_change_may_be_undone(siti, andi, at):
    wish, _ = AddressChange.ask(siti, FRESH)
    AddressChange.order(siti, "kantor@contoh.test", by=andi, why="Surat nomor 12.")

    with pytest.raises(WrongState, match="masih dapat membatalkannya"):
        wish.prove()


def test_a_new_address_is_proved_within_two_days(siti, at):
    change, token = AddressChange.ask(siti, FRESH)
    at("2026-03-04 08:59:59+07:00")
    assert AddressChange.find(token, is_made=False) is change
    at("2026-03-04 09:00+07:00")
    assert AddressChange.find(token, is_made=False) is None
    AddressChange.require_settled(siti)


def test_an_admins_change_may_be_undone_for_seven_days(siti, andi, at):
    token = AddressChange.order(siti, FRESH, by=andi, why="Surat nomor 12.")
    assert not siti.is_verified, "its reader has not said so yet"
    assert siti.email == FRESH
    until = AddressChange.undoable_until(siti)
    assert until == clock.now() + timedelta(days=7)
    assert siti.id in db.session.scalars(AddressChange.undoable_users()).all()
    at(until - timedelta(seconds=1))
    assert AddressChange.find(token, is_made=True)
    at(until)
    assert AddressChange.find(token, is_made=True) is None
    assert AddressChange.undoable_until(siti) is None
    assert siti.id not in db.session.scalars(AddressChange.undoable_users()).all()


def test_an_address_is_kept_as_it_is_compared(siti, at):
    wish, _ = AddressChange.ask(siti, " Siti.Baru@Contoh.test")
    assert (wish.before, wish.after) == ("siti@contoh.test", FRESH)


def test_a_wish_alone_holds_nothing_up(siti, dewi, at):
    AddressChange.ask(siti, FRESH)

    assert AddressChange.undoable_until(siti) is None
    assert db.session.scalars(AddressChange.undoable_users()).all() == []
    siti.verified_at = None
    assert not AddressChange.is_taken(siti)


def test_of_two_changes_the_one_that_ends_last_says_until_when(siti, andi, at):
    AddressChange.order(siti, FRESH, by=andi, why="Surat nomor 12.")
    at("2026-03-04 09:00+07:00")
    AddressChange.order(siti, "kantor@contoh.test", by=andi, why="Salah ketik.")

    assert AddressChange.undoable_until(siti) == clock.now() + timedelta(days=7)


def enable_two_step(user: User) -> None:
    row = TwoStep.start(user)
    db.session.flush()
    code = pyotp.TOTP(row.secret).at(int(clock.now().timestamp()))
    assert row.enable(code)


def test_an_undo_ends_a_second_step_that_was_set_up_since(change, siti, at):
    at("2026-03-02 10:00+07:00")
    enable_two_step(siti)

    change.undo()
    db.session.flush()

    assert not siti.has_two_step
    assert TwoStep.of(siti) is None


def test_a_second_step_of_the_same_moment_is_ended_too(change, siti):
    enable_two_step(siti)
    change.undo()
    assert not siti.has_two_step


def test_an_undo_leaves_the_second_step_of_the_owner(siti, at):
    enable_two_step(siti)
    at("2026-03-02 10:00+07:00")
    change, _ = AddressChange.ask(siti, FRESH)
    change.prove()

    change.undo()

    assert siti.has_two_step


def test_time_erases_no_account_whose_address_an_admin_just_changed(siti, andi, at):
    siti.last_log_in_at = clock.now() - timedelta(days=9 * 366)
    siti.expiry_told_at = clock.now() - timedelta(days=90)
    AddressChange.order(siti, FRESH, by=andi, why="Surat nomor 12.")
    db.session.commit()
    id = siti.id
    erased_at = sa.select(User.erased_at).filter_by(id=id)

    keep_no_longer()
    assert db.session.scalar(erased_at) is None
    assert dead_letters.items() == []  # it was left alone, and not refused
    db.session.rollback()

    at("2026-03-09 09:00+07:00")
    keep_no_longer()
    assert db.session.scalar(erased_at) is not None
