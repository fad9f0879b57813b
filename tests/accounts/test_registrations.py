"""Registrations that wait for their address: a bounded number, and one that counts."""

import pytest

from pst.accounts.passwords import tail
from pst.accounts.registration.registrations import (
    MAX_WAITING,
    Registration,
    complete,
    hashes_of,
)
from pst.accounts.users import User

OURS, THEIRS = "192.0.2.0/24", "198.51.100.0/24"


@pytest.fixture
def newcomer(context, at) -> User:
    return User.register("baru@contoh.test", "Baru", "hash-1")


def put(user: User, hashed: str, network: str = OURS) -> Registration:
    about = {
        "password_hash": hashed,
        "name": f"Nama {hashed}",
        "institution_kind": "perorangan",
        "institution": "",
        "occupation": "lainnya",
        "consent_version": "1",
    }
    return Registration.put(user, about, set(), network, None)


def waiting(user: User) -> list[str]:
    return [row.password_hash for row in Registration.of(user)]


def test_so_many_wait_and_the_busiest_network_gives_way(newcomer):
    put(newcomer, "own")
    for n in range(MAX_WAITING - 1):
        put(newcomer, f"stranger-{n}", THEIRS)
    assert len(waiting(newcomer)) == MAX_WAITING

    put(newcomer, "stranger-last", THEIRS)

    assert len(waiting(newcomer)) == MAX_WAITING
    assert "own" in waiting(newcomer)
    assert "stranger-0" not in waiting(newcomer)


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
