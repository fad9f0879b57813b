"""What replaces an article that was withdrawn, and the newest articles by one index.

The address of a withdrawn article says that it is gone and leads to its replacement;
the feed and the map of the site read articles by when they were published.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    with op.batch_alter_table("article") as table:
        table.add_column(sa.Column("replaced_by_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_article_replaced_by_id_article"),
            "article",
            ["replaced_by_id"],
            ["id"],
        )
        table.create_index(op.f("ix_article_published_at"), ["published_at"])


def downgrade() -> None:
    with op.batch_alter_table("article") as table:
        table.drop_index(op.f("ix_article_published_at"))
        table.drop_constraint(
            op.f("fk_article_replaced_by_id_article"), type_="foreignkey"
        )
        table.drop_column("replaced_by_id")
