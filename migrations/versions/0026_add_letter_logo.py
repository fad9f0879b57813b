"""The head of letters has a logo; a letter that was sent keeps the one it had."""

import sqlalchemy as sa
from alembic import op

from pst.database import UtcDateTime

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "letter_logo",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_letter_logo"),
    )


def downgrade() -> None:
    op.drop_table("letter_logo")
