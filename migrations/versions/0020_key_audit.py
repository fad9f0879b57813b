"""Which key an entry of the trail is sealed with; nothing replaces what is append-only.

`INSERT OR REPLACE` deletes without asking the triggers that refuse to delete, and a row
could be put between others: both are refused when inserting.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
TABLES = ("audit_entry", "follow_up", "follow_up_entry")


def upgrade() -> None:
    # Not in batch mode: that would make the table again, without its triggers.
    op.add_column("audit_entry", sa.Column("key_id", sa.String(16), nullable=True))
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    op.execute(
        "CREATE TRIGGER audit_entry_no_between AFTER INSERT ON audit_entry"
        " WHEN NEW.id < (SELECT max(id) FROM audit_entry) OR NEW.id < 1"
        " BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_entry_no_between")
    for table in TABLES:
        op.execute(f"DROP TRIGGER {table}_no_replace")
    op.drop_column("audit_entry", "key_id")
