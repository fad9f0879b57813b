"""A follow-up, opened by a low rating."""

import pytest

from pst.database import db
from pst.feedback.models import Rating


@pytest.fixture
def follow_up(closed):
    """Opened by Siti's low rating on Monday 2 March 2026 at 11.00."""
    row = Rating.leave(closed, 1, "Tidak lengkap.").follow_up
    db.session.commit()
    return row
