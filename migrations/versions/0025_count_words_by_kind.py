"""Count documents and their words by kind: tables are no articles.

With one count for all, two thousand titles of tables would make *penduduk* a common
word among a hundred articles, and move every threshold of their search. Words carry the
kind in their number already (articles have 0 and 1); the totals get a row for each.
On PostgreSQL the index is in a file of each web server, so there is nothing to do.
"""

from alembic import op

revision = "0025"
down_revision = "0024"

NEW = """
    CREATE TABLE search_state (
        kind INTEGER PRIMARY KEY,
        documents INTEGER NOT NULL,
        title_length INTEGER NOT NULL,
        body_length INTEGER NOT NULL,
        version TEXT NOT NULL
    )
"""
OLD = NEW.replace("kind INTEGER PRIMARY KEY", "id INTEGER PRIMARY KEY CHECK (id = 1)")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        return
    op.execute("ALTER TABLE search_state RENAME TO search_state_old")
    op.execute(NEW)
    op.execute(
        "INSERT INTO search_state SELECT 0, documents, title_length, body_length,"
        " version FROM search_state_old"
    )
    op.execute("DROP TABLE search_state_old")


def downgrade() -> None:
    """Empty the index, which the next start fills with articles."""
    if op.get_bind().dialect.name == "postgresql":
        return
    op.execute("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    for table in ("search_document", "search_word", "search_deletion"):
        op.execute(f"DELETE FROM {table}")
    op.execute("DROP TABLE search_state")
    op.execute(OLD)
    op.execute("INSERT INTO search_state VALUES (1, 0, 0, 0, 'empty')")
