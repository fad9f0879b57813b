"""What a virus scanner found in an attachment, which is then held back."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("attachment", sa.Column("finding", sa.String(80), nullable=True))


def downgrade() -> None:
    op.drop_column("attachment", "finding")
