"""What changed in the search index, for web servers that keep one of their own.

On SQLite the index is in the database, and nothing is ever written here.
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.create_table(
        "index_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_index_change"),
        sa.UniqueConstraint("kind", "source_id", name="uq_index_change_kind"),
    )


def downgrade() -> None:
    op.drop_table("index_change")
