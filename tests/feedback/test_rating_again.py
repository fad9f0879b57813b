"""Whether a rating may be given or changed once the conversation has gone on."""

import pytest
import sqlalchemy as sa

from pst.database import db
from pst.feedback.models import Rating
from pst.feedback.queries import Asking
from pst.office.audit import AuditEntry
from pst.rules import WrongState


@pytest.fixture
def reopened(closed, siti):
    """Rated, and then reopened by Siti's reply."""
    Rating.leave(closed, 4, "Cukup.")
    closed.say(siti, "Satu lagi: menurut desa?")
    db.session.commit()
    return closed


def test_while_it_goes_on_the_rating_is_not_changed(reopened):
    asking = Asking(reopened)
    assert not asking.is_open
    assert asking.is_early and not asking.is_never_asked and not asking.is_over

    with pytest.raises(WrongState, match="setelah konsultasi ditutup"):
        Rating.leave(reopened, 2)
    assert asking.rating.score == 4
    assert Rating.leave(reopened, 4, "Cukup.") is asking.rating, "the form came twice"


def test_given_on_the_last_day_it_can_still_be_changed_for_a_week(closed, at):
    at("2026-04-01 11:00+07:00")
    Rating.leave(closed, 4)
    db.session.commit()

    at("2026-04-08 11:00+07:00")
    assert Asking(closed).is_open and not Asking(closed).is_over

    at("2026-04-08 11:00:01+07:00")
    assert Asking(closed).is_over and not Asking(closed).is_open


def test_the_trail_tells_the_score_before_and_after(closed):
    Rating.leave(closed, 4)
    Rating.leave(closed, 5)

    rows = db.session.scalars(sa.select(AuditEntry).filter_by(action="change_rating"))

    assert rows.one().detail == {"before": 4, "after": 5}
