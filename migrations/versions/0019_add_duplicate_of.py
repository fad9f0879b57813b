"""A consultation closed as a duplicate names the other one.

Without batch mode, which would rebuild the table and drop the triggers of its index.
"""

from alembic import op

revision = "0019"
down_revision = "0018"

COLUMN, INDEX = "duplicate_of_id", "ix_consultation_duplicate_of_id"
KEY = f"fk_consultation_{COLUMN}_consultation"


def upgrade() -> None:
    op.execute(
        f"ALTER TABLE consultation ADD COLUMN {COLUMN} INTEGER"
        f" CONSTRAINT {KEY} REFERENCES consultation (id)"
    )
    op.execute(f"CREATE INDEX {INDEX} ON consultation ({COLUMN})")


def downgrade() -> None:
    op.execute(f"DROP INDEX {INDEX}")
    op.execute(f"ALTER TABLE consultation DROP COLUMN {COLUMN}")
