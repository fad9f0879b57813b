"""Indexes for what the desk asks, so that it reads what it shows and little more.

The counts come from an index of what is open alone; what waits for its user and what
is in the queue lie in the order of their lists; closed ones in that of each officer.
"""

import sqlalchemy as sa
from alembic import op

from pst.database import only_where

revision = "0044"
down_revision = "0043"

OPEN, WAITING = "state <> 'closed'", "state = 'waiting_user'"


def upgrade() -> None:
    op.drop_index("ix_consultation_state", "consultation")
    op.drop_index("ix_consultation_officer_id_state", "consultation")
    op.create_index("ix_consultation_state", "consultation", ["state", "asked_at"])
    op.create_index(
        "ix_consultation_officer_id_state",
        "consultation",
        ["officer_id", "state", "closed_at"],
    )
    op.create_index(
        "ix_consultation_open",
        "consultation",
        ["state", "officer_id", "newest_id", "reads", "closing_held"],
        **only_where(OPEN),
    )
    op.create_index(
        "ix_consultation_waiting",
        "consultation",
        ["officer_id", sa.text("(closing_held IS NULL)"), "waiting_since"],
        **only_where(WAITING),
    )
    op.create_index("ix_user_role", "user", ["role", "name"])


def downgrade() -> None:
    op.drop_index("ix_user_role", "user")
    for name in ("waiting", "open", "officer_id_state", "state"):
        op.drop_index(f"ix_consultation_{name}", "consultation")
    op.create_index("ix_consultation_state", "consultation", ["state"])
    op.create_index(
        "ix_consultation_officer_id_state", "consultation", ["officer_id", "state"]
    )
