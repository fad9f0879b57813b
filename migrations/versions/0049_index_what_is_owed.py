"""An index of the turns that are owed, by their consultation.

The lists of what is open ask for the deadline of each. Of the latest turns that index
grows with the archive: the few wanted lie far apart in it, and with 200,000 closed
consultations the lists took three times as long as with 20,000.
"""

from alembic import op

from pst.database import only_where

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    op.create_index(
        "ix_turn_owed_in",
        "turn",
        ["consultation_id", "ended_at", "due_at"],
        **only_where("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_turn_owed_in", "turn")
