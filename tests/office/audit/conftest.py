"""A trail with entries."""

import pytest
import sqlalchemy as sa

from pst.database import db
from pst.office import audit
from pst.office.audit import AuditEntry


@pytest.fixture
def entries(at, siti) -> list[AuditEntry]:
    for n in range(5):
        audit.record("try", f"thing:{n}", siti.id, count=n, words="ä ≠ a")
    db.session.commit()
    return list(db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)))
