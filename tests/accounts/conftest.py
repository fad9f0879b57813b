"""Accounts in the states that several tests begin with."""

import pytest

from pst.accounts.address_change import AddressChange
from pst.accounts.users import User
from pst.database import db

FRESH = "siti.baru@contoh.test"


@pytest.fixture
def change(siti: User, at: object) -> AddressChange:
    """A change of Siti's address that the old one may undo."""
    change, _ = AddressChange.ask(siti, FRESH)
    change.prove()
    db.session.flush()
    return change
