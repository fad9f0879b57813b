"""Attachments, read marks, canned answers and drafts."""

import sqlalchemy as sa
from alembic import op

from pst.database import UtcDateTime

revision = "0009"
down_revision = "0008"

FORMATS = [
    "pdf",
    "xlsx",
    "xls",
    "csv",
    "docx",
    "doc",
    "ods",
    "odt",
    "txt",
    "png",
    "jpg",
    "webp",
]


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("uploader_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "format",
            sa.Enum(
                *FORMATS,
                name="format",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("preview_sha256", sa.String(length=64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_attachment_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_attachment_message_id_message"),
        ),
        sa.ForeignKeyConstraint(
            ["uploader_id"], ["user.id"], name=op.f("fk_attachment_uploader_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("uploader_id", "key", name="uq_attachment_key"),
    )
    with op.batch_alter_table("attachment") as batch:
        batch.create_index(op.f("ix_attachment_consultation_id"), ["consultation_id"])
        batch.create_index(op.f("ix_attachment_message_id"), ["message_id"])
        batch.create_index(op.f("ix_attachment_sha256"), ["sha256"])
    op.create_table(
        "read_mark",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_read_mark_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_read_mark_user_id_user")
        ),
        sa.PrimaryKeyConstraint(
            "consultation_id", "user_id", name=op.f("pk_read_mark")
        ),
    )
    op.create_table(
        "canned_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_canned_answer_owner_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["user.id"],
            name=op.f("fk_canned_answer_changed_by_id_user"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_answer")),
    )
    with op.batch_alter_table("canned_answer") as batch:
        batch.create_index(op.f("ix_canned_answer_owner_id"), ["owner_id"])
    op.create_table(
        "draft",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_draft_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_draft_user_id_user")
        ),
        sa.PrimaryKeyConstraint("consultation_id", "user_id", name=op.f("pk_draft")),
    )


def downgrade() -> None:
    op.drop_table("draft")
    op.drop_table("canned_answer")
    op.drop_table("read_mark")
    op.drop_table("attachment")
