"""Codes of classifications with their conversion, and how each list was imported.

They are what firms and ministries send to the office with one question: which code?
The index of activities is derived from them, and is filled by every import; on
PostgreSQL it is in a file of each web server.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

INDEX = """
    CREATE VIRTUAL TABLE code_index USING fts5(
        title, examples, covers, context, words,
        excludes UNINDEXED, edition_id UNINDEXED, depth UNINDEXED, kind UNINDEXED,
        tokenize='unicode61 remove_diacritics 2'
    )
"""
VOCABULARY = """
    CREATE VIRTUAL TABLE code_index_vocabulary USING fts5vocab(code_index, row)
"""


def upgrade() -> None:
    op.create_table(
        "list_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user.id"], name="fk_list_import_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_list_import"),
    )
    op.create_index("ix_list_import_name", "list_import", ["name"])
    op.create_table(
        "classification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(20), nullable=False),
        sa.Column("family_name", sa.String(10), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("imported_at", sa.DateTime(), nullable=False),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_classification"),
        sa.UniqueConstraint("slug", name="uq_classification_slug"),
    )
    _create_codes()
    if op.get_bind().dialect.name != "postgresql":
        op.execute(INDEX)
        op.execute(VOCABULARY)


def _create_codes() -> None:
    op.create_table(
        "code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("classification_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(12), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("covers", sa.Text(), nullable=False),
        sa.Column("excludes", sa.Text(), nullable=False),
        sa.Column("examples", sa.JSON(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["classification_id"],
            ["classification.id"],
            name="fk_code_classification_id_classification",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["code.id"], name="fk_code_parent_id_code"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_code"),
        sa.UniqueConstraint(
            "classification_id", "code", name="uq_code_classification_id"
        ),
    )
    op.create_index("ix_code_code", "code", ["code"])
    op.create_index("ix_code_parent_id", "code", ["parent_id"])
    op.create_table(
        "conversion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["code.id"], name="fk_conversion_source_id_code"
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["code.id"], name="fk_conversion_target_id_code"
        ),
        sa.ForeignKeyConstraint(
            ["into_id"],
            ["classification.id"],
            name="fk_conversion_into_id_classification",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_conversion"),
        sa.UniqueConstraint("source_id", "target_id", name="uq_conversion_source_id"),
    )
    op.create_index("ix_conversion_target_id", "conversion", ["target_id"])
    op.create_index("ix_conversion_into_id", "conversion", ["into_id"])


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        op.execute("DROP TABLE code_index_vocabulary")
        op.execute("DROP TABLE code_index")
    for table in ("conversion", "code", "classification", "list_import"):
        op.drop_table(table)
