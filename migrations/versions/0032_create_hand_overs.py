"""What was handed over at once, so that it can be given back at once."""

import sqlalchemy as sa
from alembic import op

from pst.database import UtcDateTime

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=False),
        sa.Column("taker_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("given_back_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["user.id"], name="fk_hand_over_giver_id_user"
        ),
        sa.ForeignKeyConstraint(
            ["taker_id"], ["user.id"], name="fk_hand_over_taker_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_hand_over"),
    )
    op.create_index("ix_hand_over_given_back_at", "hand_over", ["given_back_at"])
    op.create_table(
        "hand_over_item",
        sa.Column("hand_over_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hand_over_id"],
            ["hand_over.id"],
            name="fk_hand_over_item_hand_over_id_hand_over",
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name="fk_hand_over_item_consultation_id_consultation",
        ),
        sa.PrimaryKeyConstraint(
            "hand_over_id", "consultation_id", name="pk_hand_over_item"
        ),
    )


def downgrade() -> None:
    op.drop_table("hand_over_item")
    op.drop_index("ix_hand_over_given_back_at", "hand_over")
    op.drop_table("hand_over")
