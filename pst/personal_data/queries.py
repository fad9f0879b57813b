"""What the screens about personal data read."""

import sqlalchemy as sa

from pst.database import db
from pst.office.audit import AuditEntry

SHOWN_RUNS = 10


def last_retentions() -> list[AuditEntry]:
    """Return the last runs of the retention job that erased something."""
    query = sa.select(AuditEntry).filter_by(action="retention")
    newest = query.order_by(AuditEntry.id.desc()).limit(SHOWN_RUNS)
    return list(db.session.scalars(newest))
