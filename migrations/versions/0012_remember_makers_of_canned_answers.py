"""Who made a canned answer: it stays theirs to share and to take back.

Of the shared ones there are, the trail tells who wrote them first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    with op.batch_alter_table("canned_answer") as table:
        table.add_column(sa.Column("made_by_id", sa.Integer()))
    op.execute(
        "UPDATE canned_answer SET made_by_id = coalesce("
        " (SELECT actor_id FROM audit_entry WHERE action = 'write_canned'"
        "  AND subject = 'canned:' || canned_answer.id ORDER BY id DESC LIMIT 1),"
        " owner_id, changed_by_id)"
    )
    with op.batch_alter_table("canned_answer") as table:
        table.alter_column("made_by_id", existing_type=sa.Integer(), nullable=False)
        table.create_foreign_key(
            op.f("fk_canned_answer_made_by_id_user"), "user", ["made_by_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("canned_answer") as table:
        table.drop_constraint(
            op.f("fk_canned_answer_made_by_id_user"), type_="foreignkey"
        )
        table.drop_column("made_by_id")
