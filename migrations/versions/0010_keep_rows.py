"""Keep the rows of a report with it, so that what was sent never changes.

Reports that were sent before have none; theirs are still made when they are asked for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("report") as batch:
        batch.add_column(sa.Column("rows", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("report") as batch:
        batch.drop_column("rows")
