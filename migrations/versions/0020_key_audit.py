"""Which key an entry of the trail is sealed with; nothing replaces what is append-only.

`INSERT OR REPLACE` deletes without asking the triggers that refuse to delete, and a row
could be put between others: both are refused when inserting. PostgreSQL replaces by an
update, which is refused already.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
TABLES = ("audit_entry", "follow_up", "follow_up_entry")

REFUSE_BETWEEN = """
    CREATE FUNCTION refuse_between() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.id < 1 OR NEW.id <= (SELECT max(id) FROM audit_entry) THEN
            RAISE EXCEPTION 'audit_entry is append-only'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
"""


def upgrade() -> None:
    # Not in batch mode: that would make the table again, without its triggers.
    op.add_column("audit_entry", sa.Column("key_id", sa.String(16), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(REFUSE_BETWEEN)
        op.execute(
            "CREATE TRIGGER audit_entry_no_between BEFORE INSERT ON audit_entry"
            " FOR EACH ROW EXECUTE FUNCTION refuse_between()"
        )
        return
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
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_entry_no_between ON audit_entry")
        op.execute("DROP FUNCTION refuse_between()")
    else:
        op.execute("DROP TRIGGER audit_entry_no_between")
        for table in TABLES:
            op.execute(f"DROP TRIGGER {table}_no_replace")
    op.drop_column("audit_entry", "key_id")
