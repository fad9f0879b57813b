"""Lamps: since when each part of the service is as it is, and when we told of it."""

import sqlalchemy as sa
from alembic import op

from pst.database import UtcDateTime

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "lamp",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "good",
                "warn",
                "bad",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=300), nullable=True),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lamp")),
    )


def downgrade() -> None:
    op.drop_table("lamp")
