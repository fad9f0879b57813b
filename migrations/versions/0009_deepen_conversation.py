"""Attachments, read marks, canned answers, drafts, duty, and the desk's index.

The index is kept by triggers. A later migration that rebuilds `message` or
`consultation` in batch mode drops them with the old table: call `make_index` again.
"""

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

# Table of the index → the table it indexes, and the columns.
INDEXED = {
    "message_index": ("message", ("body",)),
    "consultation_index": ("consultation", ("number", "subject", "description")),
}


def make_index() -> None:
    """Make the full-text tables, the triggers that keep them, and fill them."""
    for index, (table, columns) in INDEXED.items():
        names = ", ".join(columns)
        op.execute(
            f"CREATE VIRTUAL TABLE {index} USING fts5({names}, content='{table}',"
            " content_rowid='id', tokenize='unicode61 remove_diacritics 2',"
            " prefix='3')"
        )
        new = ", ".join(f"new.{column}" for column in columns)
        old = ", ".join(f"old.{column}" for column in columns)
        add = f"INSERT INTO {index}(rowid, {names}) VALUES (new.id, {new});"
        take = (
            f"INSERT INTO {index}({index}, rowid, {names})"
            f" VALUES ('delete', old.id, {old});"
        )
        for name, when, does in (
            ("added", "INSERT", add),
            ("taken", "DELETE", take),
            ("changed", f"UPDATE OF {names}", take + " " + add),
        ):
            op.execute(
                f"CREATE TRIGGER {index}_{name} AFTER {when} ON {table}"
                f" BEGIN {does} END"
            )
        op.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")


def drop_index() -> None:
    for index in INDEXED:
        for name in ("added", "taken", "changed"):
            op.execute(f"DROP TRIGGER {index}_{name}")
        op.drop_table(index)


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
    op.create_table(
        "duty_week",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_duty_week_user_id_user")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_duty_week")),
    )
    op.create_table(
        "duty_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=120), nullable=False),
        sa.Column("serves", sa.Boolean(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_duty_change_order")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_duty_change_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_change")),
    )
    with op.batch_alter_table("duty_change") as batch:
        batch.create_index(op.f("ix_duty_change_user_id"), ["user_id"])
        batch.create_index(op.f("ix_duty_change_last_on"), ["last_on"])
    op.create_table(
        "hours_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_hours_period_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hours_period")),
    )
    make_index()


def downgrade() -> None:
    drop_index()
    op.drop_table("hours_period")
    op.drop_table("duty_change")
    op.drop_table("duty_week")
    op.drop_table("draft")
    op.drop_table("canned_answer")
    op.drop_table("read_mark")
    op.drop_table("attachment")
