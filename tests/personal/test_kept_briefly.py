"""Traces of coming and going are kept until their own time is over, not longer."""

import pytest

from pst.accounts.log_ins import LogIn
from pst.accounts.registration.registrations import Registration
from pst.accounts.tokens import LinkToken, TokenPurpose
from pst.accounts.users import User
from pst.consultations.filing.unfiled import UnfiledRequest
from pst.consultations.states import Category
from pst.database import db
from pst.personal_data.retention import keep_no_longer

NETWORK = "192.0.2.0/24"
ABOUT = {
    "password_hash": "x",
    "name": "Orang lain",
    "institution_kind": "perorangan",
    "institution": "",
    "occupation": "lainnya",
    "consent_version": "1",
}


def left_by(siti: User, kind: type) -> None:
    """Leave one trace of this kind, on Monday 2 March 2026 at 09.00."""
    if kind is LogIn:
        LogIn.open(siti, "telepon")
    elif kind is LinkToken:
        LinkToken.issue(siti, TokenPurpose.VERIFY)
    elif kind is Registration:
        Registration.put(siti, ABOUT, set(), NETWORK, None)
    else:
        asked = (Category.DATA, "Padi", "Produksi padi?")
        UnfiledRequest.keep(siti, *asked, details={}, key="1", network=NETWORK)
    db.session.commit()


@pytest.mark.parametrize(
    ("kind", "still_kept_at", "gone_at"),
    [
        # Two weeks without a sign of her.
        (LogIn, "2026-03-16 09:00+07:00", "2026-03-16 09:00:01+07:00"),
        # Twelve months after a link of two days ended.
        (LinkToken, "2027-03-04 09:00+07:00", "2027-03-04 09:00:01+07:00"),
        (Registration, "2026-03-16 09:00+07:00", "2026-03-16 09:00:01+07:00"),
        # A week, and then it can no longer be filed.
        (UnfiledRequest, "2026-03-09 08:59:59+07:00", "2026-03-09 09:00+07:00"),
    ],
)
def test_a_trace_goes_when_its_time_is_over_and_not_before(
    siti, at, kind, still_kept_at, gone_at
):
    left_by(siti, kind)

    at(still_kept_at)
    keep_no_longer()
    assert db.session.scalar(db.select(kind)) is not None

    at(gone_at)
    keep_no_longer()
    assert db.session.scalar(db.select(kind)) is None
