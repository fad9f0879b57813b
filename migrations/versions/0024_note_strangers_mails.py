"""Which mails a stranger may have caused, so that only those are held back."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column(
        "outbox_mail",
        sa.Column(
            "by_stranger", sa.Boolean(), nullable=False, server_default=sa.false()
        ),
    )


def downgrade() -> None:
    op.drop_column("outbox_mail", "by_stranger")
