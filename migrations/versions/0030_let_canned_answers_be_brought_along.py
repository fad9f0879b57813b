"""Canned answers that no officer wrote: a new office begins with ten of them."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
COLUMNS = ("made_by_id", "changed_by_id")


def upgrade() -> None:
    with op.batch_alter_table("canned_answer") as table:
        for name in COLUMNS:
            table.alter_column(name, existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM canned_answer WHERE made_by_id IS NULL")
    op.execute(
        "UPDATE canned_answer SET changed_by_id = made_by_id"
        " WHERE changed_by_id IS NULL"
    )
    with op.batch_alter_table("canned_answer") as table:
        for name in COLUMNS:
            table.alter_column(name, existing_type=sa.Integer(), nullable=False)
