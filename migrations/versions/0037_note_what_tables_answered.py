"""Whether a search was answered by a figure, and which table was opened from it.

A search whose answer was a figure, or a table that was opened, is no gap among the
articles; the report counts how many there were.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    with op.batch_alter_table("search_log") as table:
        table.add_column(
            sa.Column(
                "has_figure", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
        table.add_column(sa.Column("opened_item_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_search_log_opened_item_id_catalogue_item",
            "catalogue_item",
            ["opened_item_id"],
            ["id"],
        )


def downgrade() -> None:
    with op.batch_alter_table("search_log") as table:
        table.drop_constraint(
            "fk_search_log_opened_item_id_catalogue_item", type_="foreignkey"
        )
        table.drop_column("opened_item_id")
        table.drop_column("has_figure")
