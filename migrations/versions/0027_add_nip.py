"""A letter of the office has the number of a civil servant under each name."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("user", sa.Column("nip", sa.String(18), nullable=True))


def downgrade() -> None:
    op.drop_column("user", "nip")
