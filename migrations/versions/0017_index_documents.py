"""The search engine's own tables, for documents of any kind, in place of the index.

They hold nothing that is not derived: the first start after this fills them (see
`pst/prepare.py`), which the version "empty" asks for. On PostgreSQL they are in a file
of each web server, so there is nothing to do.
"""

from alembic import op

revision = "0017"
down_revision = "0016"

OLD = ("", "_text", "_words", "_deletions", "_state")
NEW = ("search_index", "search_document", "search_word", "search_deletion")

TABLES = (
    """
    CREATE TABLE search_document (
        id INTEGER PRIMARY KEY,
        slug TEXT NOT NULL,
        category TEXT NOT NULL,
        title TEXT NOT NULL,
        labels TEXT NOT NULL,
        body TEXT NOT NULL,
        title_stems TEXT NOT NULL,
        label_stems TEXT NOT NULL,
        body_stems TEXT NOT NULL,
        fingerprint BLOB NOT NULL
    )
    """,
    """
    CREATE VIRTUAL TABLE search_index USING fts5(
        title, labels, body, title_stems, label_stems, body_stems,
        content='search_document', content_rowid='id',
        tokenize='unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TABLE search_word (
        id INTEGER PRIMARY KEY,
        kind INTEGER NOT NULL,
        form TEXT NOT NULL,
        documents INTEGER NOT NULL,
        UNIQUE (kind, form)
    )
    """,
    "CREATE INDEX search_word_unused ON search_word (id) WHERE documents <= 0",
    """
    CREATE TABLE search_deletion (
        hash INTEGER NOT NULL,
        word_id INTEGER NOT NULL,
        PRIMARY KEY (hash, word_id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE search_state (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        documents INTEGER NOT NULL,
        title_length INTEGER NOT NULL,
        body_length INTEGER NOT NULL,
        version TEXT NOT NULL
    )
    """,
    "INSERT INTO search_state VALUES (1, 0, 0, 0, 'empty')",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        return
    for name in OLD:
        op.execute(f"DROP TABLE article_index{name}")
    for statement in TABLES:
        op.execute(statement)


def downgrade() -> None:
    """Make the old tables again, empty: `flask search reindex` fills them."""
    if op.get_bind().dialect.name == "postgresql":
        return
    for name in (*NEW, "search_state"):
        op.execute(f"DROP TABLE {name}")
    for statement in TABLES:
        op.execute(
            statement.replace("search_document", "article_index_text")
            .replace("search_index", "article_index")
            .replace("search_word_unused", "article_index_unused")
            .replace("search_word", "article_index_words")
            .replace("search_deletion", "article_index_deletions")
            .replace("search_state", "article_index_state")
            .replace("documents", "articles")
        )
