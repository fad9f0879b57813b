"""Whose address is the organisation's: exactly its domain, proved by the provider."""

from types import SimpleNamespace

import pytest

from pst.database import db
from pst.single_sign_on.whose_account import _by_email, user_of
from pst.web.access import Role

THERE = SimpleNamespace(
    config=SimpleNamespace(domains={"bps.go.id"}, issuer="https://sso.bps.go.id")
)


@pytest.fixture
def person(budi):
    def come(email: str, verified: bool = True, subject: str = "s1"):
        budi.email = email.casefold()
        db.session.flush()
        identity = SimpleNamespace(
            email=email, is_email_verified=verified, subject=subject
        )
        return _by_email(THERE, identity), user_of(THERE, identity)

    return come


def test_the_offices_own_address_is_linked_in_any_case(person, budi):
    assert person("Budi@BPS.go.id") == (budi, (budi, ""))


@pytest.mark.parametrize(
    "email",
    [
        "budi@bps.go.id.evil.test",
        "budi@evil-bps.go.id",
        "budi@mail.bps.go.id",
        "bps.go.id@evil.test",
        "budi@bps.go.id@evil.test",
        "budi@go.id",
    ],
)
def test_an_address_that_only_looks_like_it_is_not(person, email):
    assert person(email) == (None, (None, "unknown"))


def test_an_unproved_address_is_not_linked(person):
    assert person("budi@bps.go.id", verified=False) == (None, (None, "unknown"))


def test_who_is_no_staff_or_left_is_not_linked(person, budi):
    budi.role = Role.USER
    assert person("budi@bps.go.id") == (None, (None, "unknown"))
    budi.role, budi.active = Role.OFFICER, False
    assert person("budi@bps.go.id") == (None, (None, "unknown"))


def test_who_was_linked_and_left_is_not_let_in(person, budi):
    assert person("budi@bps.go.id")[1] == (budi, "")
    budi.active = False
    assert person("budi@bps.go.id")[1] == (None, "unknown")


@pytest.mark.parametrize("subject", ["", "x" * 1000])
def test_without_a_usable_name_there_no_one_is_linked(person, subject):
    assert person("budi@bps.go.id", subject=subject)[1] == (None, "unproven")
