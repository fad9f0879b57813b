"""Accounts: who may be made, changed and ended."""

from datetime import timedelta

import pytest

from pst import clock
from pst.accounts.log_ins import LogIn
from pst.accounts.passwords import UNUSABLE, hash_password
from pst.accounts.users import AddressTaken, User, is_password_of
from pst.accounts.visitors import visit
from pst.database import db
from pst.rules import WrongState
from pst.web.access import Role
from tests.people import PASSWORD


def test_one_address_has_one_account_in_any_case(siti):
    with pytest.raises(AddressTaken):
        User.register(" SITI@Contoh.test", "Siti Lain", "x")


def test_a_password_is_kept_as_argon2id_only(siti):
    assert siti.password_hash.startswith("$argon2id$")
    assert PASSWORD not in siti.password_hash


def test_only_the_right_password_is_right(siti):
    assert is_password_of(siti, PASSWORD)
    assert not is_password_of(siti, PASSWORD + " ")
    assert not is_password_of(None, PASSWORD)


def test_an_invited_person_has_no_password_at_all(context, andi):
    invited = User.register(
        "baru@contoh.test", "Baru", UNUSABLE, role=Role.OFFICER, by=andi
    )

    assert not is_password_of(invited, UNUSABLE)
    assert not is_password_of(invited, "")


def test_a_new_password_ends_every_log_in(siti):
    _, phone = LogIn.open(siti, "telepon")
    _, desk = LogIn.open(siti, "komputer")
    db.session.flush()

    siti.change_password(hash_password("kata-sandi-yang-baru"))
    db.session.flush()

    assert LogIn.with_token(phone) is None
    assert LogIn.with_token(desk) is None


def test_a_deactivated_account_opens_nothing(budi, andi):
    _, token = LogIn.open(budi, "komputer")
    db.session.flush()

    budi.deactivate(by=andi)
    db.session.flush()

    assert LogIn.with_token(token) is None
    assert not budi.is_active


def test_another_role_ends_every_log_in(budi, andi):
    _, token = LogIn.open(budi, "komputer")
    db.session.flush()

    budi.change_role(Role.HEAD, by=andi)
    db.session.flush()

    assert LogIn.with_token(token) is None


def test_an_admin_does_not_lock_themself_out(andi):
    with pytest.raises(WrongState):
        andi.deactivate(by=andi)
    with pytest.raises(WrongState):
        andi.change_role(Role.USER, by=andi)


def test_the_token_of_a_log_in_is_stored_nowhere(siti):
    log_in, token = LogIn.open(siti, "telepon")

    assert token.encode() not in log_in.token_hash
    assert len(log_in.token_hash) == 32


@pytest.mark.parametrize(
    ("name", "idle_h", "longest_h"),
    [("siti", 14 * 24, 30 * 24), ("budi", 4, 14), ("hasan", 4, 14), ("andi", 2, 10)],
)
def test_a_log_in_ends_when_no_one_is_there_and_at_the_latest(
    context, at, name, idle_h, longest_h
):
    user, start = User.with_email(f"{name}@contoh.test"), clock.now()
    _, left_alone = LogIn.open(user, "telepon")
    log_in, token = LogIn.open(user, "komputer")
    minute = timedelta(minutes=1)

    at(start + timedelta(hours=idle_h) - minute)
    assert LogIn.with_token(left_alone)
    log_in.see()
    at(start + timedelta(hours=idle_h))
    assert LogIn.with_token(left_alone) is None
    assert LogIn.with_token(token)

    for hours in range(idle_h, longest_h, max(1, idle_h // 2)):
        at(start + timedelta(hours=hours))
        assert LogIn.with_token(token), hours
        log_in.see()
    at(start + timedelta(hours=longest_h) - minute)
    assert LogIn.with_token(token)
    at(start + timedelta(hours=longest_h))
    assert LogIn.with_token(token) is None


def test_who_was_erased_or_only_came_by_is_given_no_power(siti, andi):
    visitor = visit("kunci", "Pak Karto")
    siti.erase(andi)

    for person in (siti, visitor):
        with pytest.raises(WrongState):
            person.change_role(Role.ADMIN, by=andi)
        with pytest.raises(WrongState):
            person.activate(by=andi)


def test_what_was_open_before_a_deactivation_stays_closed_after_it(budi, andi):
    _, token = LogIn.open(budi, "komputer")
    db.session.flush()

    budi.deactivate(by=andi)
    budi.activate(by=andi)
    db.session.flush()

    assert budi.is_active
    assert LogIn.with_token(token) is None


def test_the_first_admin_is_the_oldest_who_still_works_here(andi):
    address = "admin2@contoh.test"
    second = User.register(address, "Wati", UNUSABLE, role=Role.ADMIN, by=andi)
    assert User.first_admin_id() == andi.id

    andi.deactivate(by=second)
    db.session.flush()

    assert User.first_admin_id() == second.id


def test_only_who_waits_for_an_invitation_is_invited(budi, andi):
    address = "baru@contoh.test"
    invited = User.register(address, "Baru", UNUSABLE, role=Role.OFFICER, by=andi)
    invited.require_uninvited()
    with pytest.raises(WrongState, match="tidak menunggu undangan"):
        budi.require_uninvited()

    invited.deactivate(by=andi)
    with pytest.raises(WrongState, match="tidak menunggu undangan"):
        invited.require_uninvited()
