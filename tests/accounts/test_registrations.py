"""Registrations that wait for their address: a bounded number, and one that counts."""

import pytest

from pst import clock
from pst.accounts.consents import Consent, ConsentPurpose
from pst.accounts.passwords import tail
from pst.accounts.registration.registrations import (
    Registration,
    complete,
    hashes_of,
)
from pst.accounts.users import User

OURS, THEIRS = "192.0.2.0/24", "198.51.100.0/24"


@pytest.fixture
def newcomer(context, at) -> User:
    return User.register("baru@contoh.test", "Baru", "hash-1")


def put(
    user: User,
    hashed: str,
    network: str = OURS,
    purposes: set[ConsentPurpose] | None = None,
    before: Registration | None = None,
) -> Registration:
    about = {
        "password_hash": hashed,
        "name": f"Nama {hashed}",
        "institution_kind": "perorangan",
        "institution": "",
        "occupation": "lainnya",
        "consent_version": "1",
    }
    return Registration.put(user, about, purposes or set(), network, before)


def waiting(user: User) -> list[str]:
    return [row.password_hash for row in Registration.of(user)]


def test_so_many_wait_and_the_busiest_network_gives_way(newcomer):
    put(newcomer, "own")
    for n in range(4):
        put(newcomer, f"stranger-{n}", THEIRS)
    assert len(waiting(newcomer)) == 5

    put(newcomer, "stranger-last", THEIRS)

    assert len(waiting(newcomer)) == 5
    assert "own" in waiting(newcomer)
    assert "stranger-0" not in waiting(newcomer)


def test_who_comes_last_counts_among_those_of_their_network(newcomer):
    for n in range(2):
        put(newcomer, f"ours-{n}")
        put(newcomer, f"theirs-{n}", THEIRS)
    put(newcomer, "other", "203.0.113.0/24")

    put(newcomer, "theirs-last", THEIRS)

    assert waiting(newcomer) == ["ours-0", "ours-1", "theirs-1", "other", "theirs-last"]


def test_the_one_whose_person_reads_the_mail_counts_and_no_other_waits_on(newcomer):
    put(newcomer, "stranger", THEIRS)
    put(newcomer, "own")
    assert hashes_of(newcomer) == ["hash-1", "stranger", "own"]
    assert Registration.made_with(newcomer, tail("own")).name == "Nama own"
    assert Registration.made_with(newcomer, tail("none")) is None

    complete(newcomer, "own")

    assert newcomer.is_verified
    assert (newcomer.password_hash, newcomer.name) == ("own", "Nama own")
    assert waiting(newcomer) == []


def test_what_one_browser_sends_again_takes_the_place_of_its_own(newcomer, at):
    first = put(newcomer, "own", purposes={ConsentPurpose.NEWS})
    at("2026-03-02 10:00+07:00")
    again = put(newcomer, "own-2", THEIRS, {ConsentPurpose.SURVEY}, first)

    assert again is first
    assert waiting(newcomer) == ["own-2"]
    assert again.name == "Nama own-2"
    assert again.optional_purposes == {ConsentPurpose.SURVEY}
    assert (again.network, again.created_at) == (THEIRS, clock.now())


def test_the_registrations_of_another_address_are_not_touched(newcomer):
    other = User.register("lain@contoh.test", "Lain", "hash-2")
    put(other, "own")
    for n in range(6):
        put(newcomer, f"mine-{n}")
    assert waiting(other) == ["own"]
    assert waiting(newcomer) == [f"mine-{n}" for n in range(1, 6)]

    complete(newcomer, "mine-5")

    assert waiting(other) == ["own"]
    assert not other.is_verified


def test_what_was_ticked_is_agreed_to_and_what_was_not_is_taken_back(newcomer):
    Consent.give(newcomer, ConsentPurpose.SURVEY, "1")
    put(newcomer, "own", purposes={ConsentPurpose.NEWS})

    complete(newcomer, "own")

    assert set(Consent.current(newcomer)) == {
        ConsentPurpose.SERVICE,
        ConsentPurpose.NEWS,
    }


def test_a_registration_that_is_the_account_already_changes_nothing(newcomer):
    put(newcomer, "hash-1", purposes={ConsentPurpose.NEWS})

    complete(newcomer, "hash-1")

    assert newcomer.is_verified and newcomer.name == "Baru"
    assert waiting(newcomer) == []


def test_an_account_that_an_admin_made_is_verified_without_a_registration(newcomer):
    assert complete(newcomer, "hash-1") is None
    assert newcomer.is_verified
