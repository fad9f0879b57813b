"""What a change of address ends and gives back, and whom it takes nothing from."""

import pytest
import sqlalchemy as sa

from pst import clock
from pst.accounts.address_change import AddressChange
from pst.accounts.log_ins import LogIn
from pst.accounts.mails import mail_address_changed
from pst.accounts.tokens import LinkToken, TokenPurpose
from pst.accounts.users import User
from pst.database import db
from pst.outbox.bad_addresses import BadAddress
from pst.outbox.models import OutboxMail
from pst.rules import WrongState
from tests.accounts.conftest import FRESH


def test_a_proof_ends_log_ins_and_links_and_proves_the_new_address(siti, at):
    _, log_in = LogIn.open(siti, "telepon")
    link = LinkToken.issue(siti, TokenPurpose.NEW_PASSWORD)[1]
    siti.verified_at = None
    wish, _ = AddressChange.ask(siti, FRESH)
    assert LogIn.with_token(log_in), "nothing moved yet"

    wish.prove()
    db.session.flush()

    assert (siti.email, siti.is_verified) == (FRESH, True)
    assert wish.made_at == clock.now()
    assert LogIn.with_token(log_in) is None
    assert LinkToken.find(TokenPurpose.NEW_PASSWORD, link) is None


def test_the_link_that_undoes_it_goes_to_the_old_address(change, siti):
    mail_address_changed(siti, change.before, "kode-rahasia")
    mail = db.session.scalars(sa.select(OutboxMail)).one()
    assert (mail.to_name, mail.to_address) == (siti.name, "siti@contoh.test")
    assert "/kode-rahasia" in mail.body


def test_an_address_that_another_has_by_now_is_not_proved(siti, at):
    wish, _ = AddressChange.ask(siti, FRESH)
    User.register(FRESH, "Lebih dahulu", "hash")

    with pytest.raises(WrongState, match="tidak dapat dipakai"):
        wish.prove()
    assert siti.email == "siti@contoh.test"


def test_an_undo_gives_back_the_address_and_takes_the_password(change, siti, at):
    _, log_in = LogIn.open(siti, "pencuri")
    BadAddress.mark("siti@contoh.test", "5.1.1")
    siti.verified_at = None
    at("2026-03-03 09:00+07:00")

    change.undo()
    db.session.flush()

    assert siti.email == "siti@contoh.test"
    assert not siti.has_chosen_password
    assert LogIn.with_token(log_in) is None
    assert siti.verified_at == clock.now()
    assert BadAddress.of("siti@contoh.test") is None
    AddressChange.require_settled(siti)


def test_an_undo_ends_what_came_after_it_and_nothing_before(siti, andi, at):
    tokens = [
        AddressChange.order(siti, f"{n}@contoh.test", by=andi, why="Surat.")
        for n in range(3)
    ]

    AddressChange.find(tokens[1], is_made=True).undo()
    db.session.flush()

    assert siti.email == "0@contoh.test"
    works = [AddressChange.find(token, is_made=True) is not None for token in tokens]
    assert works == [True, False, False]


def test_an_old_address_that_another_proved_is_not_taken_from_them(change, siti):
    holder = User.register("siti@contoh.test", "Siti Lain", "hash")
    holder.verify()

    with pytest.raises(WrongState, match="sudah memiliki akun"):
        change.undo()
    assert holder.email == "siti@contoh.test" and holder.active


def test_what_was_moved_back_already_can_still_be_undone(siti, andi, at):
    first = AddressChange.order(siti, FRESH, by=andi, why="Surat nomor 12.")
    AddressChange.order(siti, "siti@contoh.test", by=andi, why="Salah baca.")

    AddressChange.find(first, is_made=True).undo()

    assert siti.email == "siti@contoh.test" and siti.active


def test_who_only_registered_the_old_address_gives_way(change, siti):
    holder = User.register("siti@contoh.test", "Siti Palsu", "hash")

    change.undo()
    db.session.flush()

    assert siti.email == "siti@contoh.test"
    assert holder.email != siti.email and not holder.active
