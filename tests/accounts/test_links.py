"""Links in mails: for how long, for whom, for what; and log-ins that are over."""

from datetime import timedelta

import pytest

from pst import clock
from pst.accounts.log_ins import LogIn
from pst.accounts.tokens import LinkToken, TokenPurpose
from pst.accounts.users import User
from pst.database import db


@pytest.fixture
def link(siti, at) -> str:
    return LinkToken.issue(siti, TokenPurpose.NEW_PASSWORD)[1]


def works(token: str, purpose: TokenPurpose = TokenPurpose.NEW_PASSWORD) -> bool:
    return LinkToken.find(purpose, token) is not None


def test_a_link_of_a_deactivated_account_opens_nothing(link, siti, andi):
    assert works(link)

    siti.deactivate(andi)
    db.session.flush()
    assert not works(link)

    siti.activate(andi)
    db.session.flush()
    assert works(link)


def test_a_link_works_for_its_purpose_until_its_time_and_once(link, siti, at):
    assert not works(link, TokenPurpose.INVITE)
    assert not works(link + "x")
    token = LinkToken.find(TokenPurpose.NEW_PASSWORD, link)
    assert token is not None
    at(token.expires_at - timedelta(seconds=1))
    assert works(link)
    at(token.expires_at)
    assert not works(link)

    at(token.expires_at - timedelta(seconds=1))
    LinkToken.end_all(siti)
    assert token.used_at == clock.now()
    assert not works(link)


@pytest.mark.parametrize(
    ("purpose", "hours"),
    [
        (TokenPurpose.VERIFY, 48),
        (TokenPurpose.NEW_PASSWORD, 1),
        (TokenPurpose.INVITE, 7 * 24),
    ],
)
def test_how_long_each_kind_of_link_works(purpose, hours, siti, at):
    row, _ = LinkToken.issue(siti, purpose)
    assert row.expires_at == clock.now() + timedelta(hours=hours)
    assert row.used_at is None


def test_only_a_new_invitation_replaces_the_one_before(siti, at):
    first = LinkToken.issue(siti, TokenPurpose.NEW_PASSWORD)[1]
    invited = LinkToken.issue(siti, TokenPurpose.INVITE)[1]
    LinkToken.issue(siti, TokenPurpose.NEW_PASSWORD)
    assert works(first)
    assert works(invited, TokenPurpose.INVITE)

    LinkToken.issue(siti, TokenPurpose.INVITE)

    assert not works(invited, TokenPurpose.INVITE)
    assert works(first)


def test_a_fresh_link_does_for_the_next_who_asks(link, siti, dewi, at):
    assert LinkToken.is_fresh(siti, TokenPurpose.NEW_PASSWORD)
    assert not LinkToken.is_fresh(siti, TokenPurpose.VERIFY)
    assert not LinkToken.is_fresh(dewi, TokenPurpose.NEW_PASSWORD)
    at("2026-03-02 09:09:59+07:00")
    assert LinkToken.is_fresh(siti, TokenPurpose.NEW_PASSWORD)
    at("2026-03-02 09:10+07:00")
    assert not LinkToken.is_fresh(siti, TokenPurpose.NEW_PASSWORD)


def test_a_fresh_link_that_was_used_does_for_no_one(link, siti, at):
    LinkToken.end_all(siti)
    assert not LinkToken.is_fresh(siti, TokenPurpose.NEW_PASSWORD)


def test_ending_all_links_ends_those_of_one_person_or_purpose(link, siti, dewi):
    others = LinkToken.issue(dewi, TokenPurpose.NEW_PASSWORD)[1]
    verify = LinkToken.issue(siti, TokenPurpose.VERIFY)[1]
    LinkToken.end_all(siti, TokenPurpose.NEW_PASSWORD)
    assert not works(link)
    assert works(others)
    assert works(verify, TokenPurpose.VERIFY)

    LinkToken.end_all(siti)

    assert not works(verify, TokenPurpose.VERIFY)
    assert works(others)


def test_a_used_link_still_tells_that_the_address_was_verified(siti, andi):
    row, token = LinkToken.issue(siti, TokenPurpose.VERIFY)
    LinkToken.end_all(siti)
    assert row.used_at is not None
    assert LinkToken.has_verified(token)
    assert not LinkToken.has_verified(LinkToken.issue(siti, TokenPurpose.INVITE)[1])

    siti.deactivate(andi)
    db.session.flush()

    assert not LinkToken.has_verified(token)


def test_a_link_to_an_address_that_was_not_verified_tells_so(context, at):
    newcomer = User.register("baru@contoh.test", "Baru", "hash")
    token = LinkToken.issue(newcomer, TokenPurpose.VERIFY)[1]
    assert not LinkToken.has_verified(token)

    newcomer.verify()
    db.session.flush()

    assert LinkToken.has_verified(token)


def test_a_log_in_of_a_deactivated_account_is_over(siti, at):
    _, token = LogIn.open(siti, "test")
    db.session.flush()
    assert LogIn.with_token(token) is not None

    siti.active = False

    assert LogIn.with_token(token) is None


def test_a_log_in_ends_at_its_end_and_not_after(siti, at):
    row, token = LogIn.open(siti, "test")
    db.session.flush()
    at(row.expires_at - timedelta(seconds=1))
    assert LogIn.with_token(token) is not None
    assert LogIn.of(siti) == [row]

    at(row.expires_at)
    assert LogIn.with_token(token) is None
    assert LogIn.of(siti) == []


def test_on_a_shared_computer_half_an_hour_without_a_sign_ends_it(siti, at):
    row, token = LogIn.open(siti, "warnet", shared=True)
    db.session.flush()
    begin = clock.now()
    at(begin + timedelta(seconds=59))
    assert not row.is_seen_long_ago
    at(begin + timedelta(minutes=1))
    assert row.is_seen_long_ago, "it is noted each minute, not each fifth"

    at(begin + timedelta(minutes=30) - timedelta(seconds=1))
    assert LogIn.with_token(token) is not None
    at(begin + timedelta(minutes=30))
    assert LogIn.with_token(token) is None


def test_a_password_given_long_ago_confirms_nothing(siti, at):
    row, _ = LogIn.open(siti, "test")
    db.session.flush()
    assert row.is_confirmed
    begin = clock.now()
    at(begin + timedelta(minutes=15) - timedelta(seconds=1))
    assert row.is_confirmed
    at(begin + timedelta(minutes=15))
    assert not row.is_confirmed
    row.confirm()
    assert row.is_confirmed


def test_ending_the_other_log_ins_leaves_this_one_and_other_people(siti, dewi, at):
    mine, token = LogIn.open(siti, "sini")
    _, other = LogIn.open(siti, "sana")
    _, others = LogIn.open(dewi, "lain")
    db.session.flush()

    LogIn.end_others(mine)

    assert LogIn.with_token(token) is not None
    assert LogIn.with_token(other) is None
    assert LogIn.with_token(others) is not None
