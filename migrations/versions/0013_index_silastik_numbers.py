"""The desk finds a conversation by its number in Silastik too.

The index is made anew: a full-text table cannot be given a column. A later migration
that rebuilds `consultation` in batch mode drops the triggers with the old table: call
`make_index` of this one again.
"""

from alembic import op

revision = "0013"
down_revision = "0012"

BEFORE = ("number", "subject", "description")
AFTER = (*BEFORE, "silastik_number")
INDEX, TABLE = "consultation_index", "consultation"
TRIGGERS = ("added", "taken", "changed")


def make_index(columns: tuple[str, ...] = AFTER) -> None:
    """Make the full-text table, the triggers that keep it, and fill it."""
    names = ", ".join(columns)
    op.execute(
        f"CREATE VIRTUAL TABLE {INDEX} USING fts5({names}, content='{TABLE}',"
        " content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='3')"
    )
    new = ", ".join(f"new.{column}" for column in columns)
    old = ", ".join(f"old.{column}" for column in columns)
    add = f"INSERT INTO {INDEX}(rowid, {names}) VALUES (new.id, {new});"
    take = (
        f"INSERT INTO {INDEX}({INDEX}, rowid, {names})"
        f" VALUES ('delete', old.id, {old});"
    )
    events = ("INSERT", "DELETE", f"UPDATE OF {names}")
    deeds = (add, take, f"{take} {add}")
    for name, when, does in zip(TRIGGERS, events, deeds, strict=True):
        op.execute(
            f"CREATE TRIGGER {INDEX}_{name} AFTER {when} ON {TABLE} BEGIN {does} END"
        )
    op.execute(f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')")


def drop_index() -> None:
    for name in TRIGGERS:
        op.execute(f"DROP TRIGGER IF EXISTS {INDEX}_{name}")
    op.drop_table(INDEX)


def upgrade() -> None:
    drop_index()
    make_index()


def downgrade() -> None:
    drop_index()
    make_index(BEFORE)
