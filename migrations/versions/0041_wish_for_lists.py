"""Lists that an admin asked for, so that no page waits while they are fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.create_table(
        "list_wish",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_list_wish_by_id_user"),
        sa.PrimaryKeyConstraint("name", name="pk_list_wish"),
    )


def downgrade() -> None:
    op.drop_table("list_wish")
