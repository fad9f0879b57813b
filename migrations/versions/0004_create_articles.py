"""Articles, their index and what was searched.

The index is written by hand: FTS5 with external content, and beside it the words with
their counts, the deletions that mend spelling, and the totals. See
`pst/search/index.py`.
"""

import sqlalchemy as sa
from alembic import op

from pst.database import UtcDateTime
from pst.search.synonym_groups import shipped

revision = "0004"
down_revision = "0003"

INDEX = (
    """
    CREATE TABLE article_index_text (
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
    CREATE VIRTUAL TABLE article_index USING fts5(
        title, labels, body, title_stems, label_stems, body_stems,
        content='article_index_text', content_rowid='id',
        tokenize='unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TABLE article_index_words (
        id INTEGER PRIMARY KEY,
        kind INTEGER NOT NULL,
        form TEXT NOT NULL,
        articles INTEGER NOT NULL,
        UNIQUE (kind, form)
    )
    """,
    """
    CREATE INDEX article_index_unused ON article_index_words (id) WHERE articles <= 0
    """,
    """
    CREATE TABLE article_index_deletions (
        hash INTEGER NOT NULL,
        word_id INTEGER NOT NULL,
        PRIMARY KEY (hash, word_id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE article_index_state (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        articles INTEGER NOT NULL,
        title_length INTEGER NOT NULL,
        body_length INTEGER NOT NULL,
        version TEXT NOT NULL
    )
    """,
    """
    INSERT INTO article_index_state VALUES (1, 0, 0, 0, 'shipped')
    """,
)


def upgrade() -> None:
    op.create_table(
        "synonym_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("expands", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym_group")),
    )
    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "review",
                "published",
                "archived",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_number", sa.Integer(), nullable=True),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_article_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["article.id"],
            name=op.f("fk_article_merged_into_id_article"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("slug", name=op.f("uq_article_slug")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_article_changed_at"), ["changed_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_article_consultation_id"), ["consultation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_article_state"), ["state"], unique=False)

    op.create_table(
        "article_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user.id"], name=op.f("fk_article_file_added_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_file_article_id_article"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_file")),
        sa.UniqueConstraint("token", name=op.f("uq_article_file_token")),
    )
    with op.batch_alter_table("article_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_article_file_article_id"), ["article_id"], unique=False
        )

    op.create_table(
        "article_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("is_helpful", sa.Boolean(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "unclear",
                "incomplete",
                "outdated",
                "other_topic",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("comment", sa.String(length=500), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_vote_article_id_article"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_vote")),
        sa.UniqueConstraint("key", name=op.f("uq_article_vote_key")),
    )
    with op.batch_alter_table("article_vote", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_article_vote_article_id"), ["article_id"], unique=False
        )

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(
                "data",
                "metadata",
                "recommendation",
                "classification",
                "service",
                name="topic",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("synonyms", sa.JSON(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "available",
                "on_request",
                "other_level",
                "not_produced",
                "elsewhere",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answer_note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("review_note", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_revision_article_id_article")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_revision_author_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["user.id"], name=op.f("fk_revision_reviewer_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint(
            "article_id", "number", name=op.f("uq_revision_article_id")
        ),
    )
    op.create_table(
        "search_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=12), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column(
            "place",
            sa.Enum(
                "page",
                "asking",
                "desk",
                name="place",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("meaning", sa.String(length=200), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("clicked_id", sa.Integer(), nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clicked_id"],
            ["article.id"],
            name=op.f("fk_search_log_clicked_id_article"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_log")),
        sa.UniqueConstraint("key", name=op.f("uq_search_log_key")),
    )
    with op.batch_alter_table("search_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_log_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_search_log_meaning"), ["meaning"], unique=False
        )
    for statement in INDEX:
        op.execute(statement)
    op.bulk_insert(
        sa.table(
            "synonym_group",
            sa.column("terms", sa.Text),
            sa.column("weight", sa.Double),
            sa.column("expands", sa.Boolean),
        ),
        shipped(),
    )


def downgrade() -> None:
    for table in (
        "article_index",
        "article_index_text",
        "article_index_words",
        "article_index_deletions",
        "article_index_state",
        "article_file",
        "search_log",
        "article_vote",
        "revision",
        "article",
        "synonym_group",
    ):
        op.drop_table(table)
