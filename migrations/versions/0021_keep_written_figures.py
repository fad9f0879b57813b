"""A draft of a report keeps the figures that its words were written about."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.execute("ALTER TABLE report ADD COLUMN written_figures JSON")


def downgrade() -> None:
    op.execute("ALTER TABLE report DROP COLUMN written_figures")
