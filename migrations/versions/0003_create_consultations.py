"""Consultations and their messages."""

import sqlalchemy as sa
from alembic import op

from pst.database import UtcDateTime

revision = "0003"
down_revision = "0002"

UNEXPLAINED = (
    "late_reason IS NULL AND state = 'closed'"
    " AND (answered_at > answered_due_at OR final_answer_at > final_due_at"
    " OR (final_answer_at IS NULL AND due_at < closed_at))"
)


def upgrade() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column(
            "category",
            sa.Enum(
                "data",
                "metadata",
                "recommendation",
                "classification",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                *("online", "counter", "phone", "letter", "whatsapp"),
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "active",
                "waiting_user",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "resolved",
                "no_response",
                "withdrawn",
                "duplicate",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("clear_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_due_at", UtcDateTime(), nullable=True),
        sa.Column("final_answer_at", UtcDateTime(), nullable=True),
        sa.Column("final_due_at", UtcDateTime(), nullable=True),
        sa.Column("waiting_since", UtcDateTime(), nullable=True),
        sa.Column("warned_at", UtcDateTime(), nullable=True),
        sa.Column(
            "closing_held",
            sa.Enum(
                *("owed", "bounced"),
                name="held",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("tell_user_at", UtcDateTime(), nullable=True),
        sa.Column("user_told_at", UtcDateTime(), nullable=True),
        sa.Column("due_warned_at", UtcDateTime(), nullable=True),
        sa.Column("breach_told_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("reopened_at", UtcDateTime(), nullable=True),
        sa.Column("half_told_at", UtcDateTime(), nullable=True),
        sa.Column(
            "late_reason",
            sa.Enum(
                *("workload", "others", "complex", "system", "absence", "other"),
                name="late_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("late_note", sa.String(length=300), nullable=True),
        sa.Column("silastik_number", sa.String(length=40), nullable=True),
        sa.Column("newest_id", sa.Integer(), nullable=False),
        sa.Column("newest_shown_id", sa.Integer(), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["user.id"], name=op.f("fk_consultation_officer_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"],
            ["consultation.id"],
            name=op.f("fk_consultation_previous_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_consultation_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("number", name=op.f("uq_consultation_number")),
        sa.UniqueConstraint("user_id", "key", name="uq_consultation_key"),
        sa.UniqueConstraint("year", "sequence", name=op.f("uq_consultation_year")),
    )
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.create_index(
            op.f("ix_consultation_asked_at"), ["asked_at"], unique=False
        )
        batch_op.create_index("ix_consultation_closed_at", ["closed_at"], unique=False)
        batch_op.create_index(
            "ix_consultation_officer_id_state", ["officer_id", "state"], unique=False
        )
        batch_op.create_index(
            "ix_consultation_state_due_at", ["state", "due_at"], unique=False
        )
        batch_op.create_index(
            op.f("ix_consultation_user_id"), ["user_id"], unique=False
        )
        batch_op.create_index(
            "ix_consultation_tell_user_at",
            ["tell_user_at"],
            sqlite_where=sa.text("tell_user_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_consultation_unexplained",
            ["officer_id"],
            sqlite_where=sa.text(UNEXPLAINED),
        )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "message",
                "note",
                "event",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "event",
            sa.Enum(
                "asked",
                "recorded",
                "claimed",
                "transferred",
                "released",
                "clarity_asked",
                "cleared",
                "warned",
                "resolved",
                "no_response",
                "withdrawn",
                "duplicate",
                "reopened",
                "taken_over",
                "clock_undone",
                "due_moved",
                name="event",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_message_author_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_message_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("consultation_id", "key", name="uq_message_key"),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_message_consultation_id_id", ["consultation_id", "id"], unique=False
        )
        batch_op.create_index(
            "ix_message_marked",
            ["consultation_id"],
            unique=False,
            sqlite_where=sa.text("is_final OR is_flagged"),
        )


def downgrade() -> None:
    op.drop_table("message")
    op.drop_table("consultation")
