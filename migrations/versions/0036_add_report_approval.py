"""An approval leaves its mark in a letter of its own, which anyone can check."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.execute("ALTER TABLE report ADD COLUMN approval JSON")
    op.add_column("report", sa.Column("seal", sa.String(32), nullable=True))
    op.add_column("report", sa.Column("signed_pdf", sa.LargeBinary(), nullable=True))
    op.add_column("report", sa.Column("signed_sha256", sa.String(64), nullable=True))
    op.create_index("ix_report_seal", "report", ["seal"], unique=True)
    op.create_index("ix_report_signed_sha256", "report", ["signed_sha256"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_report_signed_sha256", "report")
    op.drop_index("ix_report_seal", "report")
    for column in ("signed_sha256", "signed_pdf", "seal", "approval"):
        op.drop_column("report", column)
