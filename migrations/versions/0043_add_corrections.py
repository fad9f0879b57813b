"""A message may be corrected while unread; the words before are kept for the audit."""

import sqlalchemy as sa
from alembic import op

from pst.database import UtcDateTime, only_where

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    # Added without a copy of the table, whose triggers keep the full-text index.
    op.add_column("message", sa.Column("corrected_at", UtcDateTime(), nullable=True))
    op.add_column("message", sa.Column("correction", sa.Integer(), nullable=True))
    op.create_index(
        "ix_message_corrected",
        "message",
        ["consultation_id"],
        **only_where("correction IS NOT NULL"),
    )
    op.create_table(
        "earlier_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("replaced_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_earlier_words_message_id_message"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_words")),
    )
    op.create_index(
        op.f("ix_earlier_words_message_id"), "earlier_words", ["message_id"]
    )


def downgrade() -> None:
    op.drop_table("earlier_words")
    op.drop_index("ix_message_corrected", "message")
    op.drop_column("message", "correction")
    op.drop_column("message", "corrected_at")
