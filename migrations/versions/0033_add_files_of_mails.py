"""Files of a mail: more than one, and those of a follow-up mail being written."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "mail_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("type", sa.String(80), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["outbox_mail.id"],
            name="fk_mail_file_mail_id_outbox_mail",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_mail_file"),
    )
    op.create_index("ix_mail_file_mail_id", "mail_file", ["mail_id"])
    op.create_table(
        "follow_up_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("type", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"],
            ["follow_up.id"],
            name="fk_follow_up_file_follow_up_id_follow_up",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up_file"),
    )
    op.create_index(
        "ix_follow_up_file_follow_up_id", "follow_up_file", ["follow_up_id"]
    )


def downgrade() -> None:
    op.drop_index("ix_follow_up_file_follow_up_id", "follow_up_file")
    op.drop_table("follow_up_file")
    op.drop_index("ix_mail_file_mail_id", "mail_file")
    op.drop_table("mail_file")
