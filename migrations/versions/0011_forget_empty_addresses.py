"""Visitors who left no e-mail address have none, and are owed no mail.

Their rows held an empty text, which was taken for an address: what was owed to them
would have gone to a place that does not exist, and they counted as asked to rate.
"""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("UPDATE user SET reachable_at = NULL WHERE trim(reachable_at) = ''")
    op.execute(
        "DELETE FROM outbox_mail WHERE state IN ('owed', 'failed')"
        " AND (to_address = '' OR to_address LIKE '%@pengunjung.invalid')"
    )


def downgrade() -> None:
    """Leave it: nobody needs the empty texts back."""
