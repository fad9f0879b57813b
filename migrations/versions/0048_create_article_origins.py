"""The conversations whose answers were added to an article that existed already.

An article names the conversation it was started from itself, and goes on doing so.
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"


def upgrade() -> None:
    op.create_table(
        "article_origin",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_origin_article_id_article"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_article_origin_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint(
            "article_id", "consultation_id", name=op.f("pk_article_origin")
        ),
    )
    op.create_index(
        op.f("ix_article_origin_consultation_id"),
        "article_origin",
        ["consultation_id"],
    )


def downgrade() -> None:
    op.drop_table("article_origin")
