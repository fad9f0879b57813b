"""Mails that came back, addresses at which no one reads us, the mailbox that is read.

The id of a mail finds it when a server sends it back without our return path.
"""

import sqlalchemy as sa
from alembic import op

from pst.database import UtcDateTime

revision = "0015"
down_revision = "0014"
KINDS = ("failed", "delayed", "delivered", "automatic", "reply")


def upgrade() -> None:
    op.create_table(
        "bounce",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *KINDS,
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["outbox_mail.id"],
            name=op.f("fk_bounce_mail_id_outbox_mail"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounce")),
        sa.UniqueConstraint("digest", name=op.f("uq_bounce_digest")),
    )
    op.create_index(op.f("ix_bounce_mail_id"), "bounce", ["mail_id"])
    op.create_table(
        "bad_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("since_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bad_address")),
        sa.UniqueConstraint("address", name=op.f("uq_bad_address_address")),
    )
    op.create_table(
        "read_mailbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("uid_validity", sa.Integer(), nullable=True),
        sa.Column("last_uid", sa.Integer(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_mailbox")),
        sa.UniqueConstraint("name", name=op.f("uq_read_mailbox_name")),
    )
    op.create_index(op.f("ix_outbox_mail_message_id"), "outbox_mail", ["message_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_mail_message_id"), "outbox_mail")
    for table in ("read_mailbox", "bad_address", "bounce"):
        op.drop_table(table)
