"""The index of what is open without what every message changes.

The lists say by the rows that they show whether they changed, and no longer by sums
over all that is open. So a message writes one index less, and counting reads less.
"""

from alembic import op

from pst.database import only_where

revision = "0050"
down_revision = "0049"

CHANGING = ["newest_id", "reads", "closing_held", "turn_number"]


def upgrade() -> None:
    _index_what_is_open([])


def downgrade() -> None:
    _index_what_is_open(CHANGING)


def _index_what_is_open(changing: list[str]) -> None:
    op.drop_index("ix_consultation_open", "consultation")
    op.create_index(
        "ix_consultation_open",
        "consultation",
        ["state", "officer_id", *changing, "asked_at", "reopened_at"],
        **only_where("state <> 'closed'"),
    )
