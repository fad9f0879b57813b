"""Ratings, the survey and follow-ups."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from pst.database import UtcDateTime

revision = "0005"
down_revision = "0004"

TEMPLATES = {
    "Jawaban kurang lengkap": (
        "Kami mohon maaf karena jawaban pada konsultasi {nomor} belum lengkap."
        " Berikut keterangan yang belum kami sampaikan:\n\n"
        "[tulis keterangan]\n\n"
        "Bila masih ada yang kurang, sebutkan bagian mana, dan kami lengkapi."
    ),
    "Jawaban terlambat": (
        "Kami mohon maaf karena konsultasi {nomor} tidak kami jawab tepat waktu."
        " Penyebabnya: [tulis penyebab].\n\n"
        "Agar tidak terulang, kami telah [tulis perbaikan]."
    ),
    "Data belum tersedia": (
        "Data yang Anda perlukan pada konsultasi {nomor} memang belum tersedia,"
        " karena [tulis alasan].\n\n"
        "Yang dapat Anda pakai sementara ini: [tulis pilihan lain]."
        " Data tersebut direncanakan terbit pada [tulis waktu]."
    ),
    "Sikap petugas": (
        "Kami mohon maaf atas pengalaman Anda dengan petugas kami pada konsultasi"
        " {nomor}. Masukan Anda telah kami bicarakan dengan petugas yang"
        " bersangkutan, dan kami telah [tulis tindakan]."
    ),
    "Saran diterima": (
        "Terima kasih atas saran Anda. Kami telah membahasnya, dan"
        " [tulis hasil pembahasan]."
    ),
}


def upgrade() -> None:
    template = op.create_table(
        "follow_up_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["user.id"],
            name=op.f("fk_follow_up_template_changed_by_id_user"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_template")),
        sa.UniqueConstraint("name", name=op.f("uq_follow_up_template_name")),
    )
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column(
            "need",
            sa.Enum(
                "met",
                "partly",
                "unmet",
                name="need",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "via",
            sa.Enum(
                "link",
                "page",
                name="via",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rated_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=True),
        sa.Column("suspected", sa.JSON(), nullable=False),
        sa.Column("to_review", sa.Boolean(), nullable=False),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name=op.f("ck_rating_score")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_rating_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["user.id"], name=op.f("fk_rating_reviewed_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("consultation_id", name=op.f("uq_rating_consultation_id")),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_rating_rated_at"), ["rated_at"], unique=False)
        batch_op.create_index(
            "ix_rating_to_review",
            ["id"],
            unique=False,
            sqlite_where=sa.text("to_review"),
        )

    op.create_table(
        "rating_reminder",
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("reminded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_rating_reminder_consultation_id_consultation"),
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_rating_reminder")),
    )
    op.create_table(
        "survey_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.Column("u1", sa.Integer(), nullable=True),
        sa.Column("u2", sa.Integer(), nullable=True),
        sa.Column("u3", sa.Integer(), nullable=True),
        sa.Column("u4", sa.Integer(), nullable=True),
        sa.Column("u5", sa.Integer(), nullable=True),
        sa.Column("u6", sa.Integer(), nullable=True),
        sa.Column("u7", sa.Integer(), nullable=True),
        sa.Column("u8", sa.Integer(), nullable=True),
        sa.Column("u9", sa.Integer(), nullable=True),
        sa.CheckConstraint("u1 BETWEEN 1 AND 4", name=op.f("ck_survey_answer_u1")),
        sa.CheckConstraint("u2 BETWEEN 1 AND 4", name=op.f("ck_survey_answer_u2")),
        sa.CheckConstraint("u3 BETWEEN 1 AND 4", name=op.f("ck_survey_answer_u3")),
        sa.CheckConstraint("u4 BETWEEN 1 AND 4", name=op.f("ck_survey_answer_u4")),
        sa.CheckConstraint("u5 BETWEEN 1 AND 4", name=op.f("ck_survey_answer_u5")),
        sa.CheckConstraint("u6 BETWEEN 1 AND 4", name=op.f("ck_survey_answer_u6")),
        sa.CheckConstraint("u7 BETWEEN 1 AND 4", name=op.f("ck_survey_answer_u7")),
        sa.CheckConstraint("u8 BETWEEN 1 AND 4", name=op.f("ck_survey_answer_u8")),
        sa.CheckConstraint("u9 BETWEEN 1 AND 4", name=op.f("ck_survey_answer_u9")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_survey_answer_consultation_id_consultation"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_survey_answer_user_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answer")),
        sa.UniqueConstraint("user_id", "period", name=op.f("uq_survey_answer_user_id")),
    )
    with op.batch_alter_table("survey_answer", schema=None) as batch_op:
        batch_op.create_index(
            op.f("ix_survey_answer_answered_at"), ["answered_at"], unique=False
        )
        batch_op.create_index(
            op.f("ix_survey_answer_consultation_id"), ["consultation_id"], unique=False
        )

    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "low_rating",
                "complaint",
                "officer",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "progress",
            sa.Enum(
                "open",
                "sent",
                "answered",
                "to_confirm",
                "closed",
                name="progress",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("first_due_at", UtcDateTime(), nullable=False),
        sa.Column("first_sent_at", UtcDateTime(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("due_warned_at", UtcDateTime(), nullable=True),
        sa.Column("breach_told_at", UtcDateTime(), nullable=True),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("draft_at", UtcDateTime(), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["user.id"], name=op.f("fk_follow_up_closed_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["user.id"], name=op.f("fk_follow_up_opened_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user.id"], name=op.f("fk_follow_up_owner_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["rating.id"], name=op.f("fk_follow_up_rating_id_rating")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"],
            ["user.id"],
            name=op.f("fk_follow_up_resolved_by_id_user"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("number", name=op.f("uq_follow_up_number")),
        sa.UniqueConstraint("rating_id", name=op.f("uq_follow_up_rating_id")),
        sa.UniqueConstraint("year", "sequence", name=op.f("uq_follow_up_year")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(
            op.f("ix_follow_up_opened_at"), ["opened_at"], unique=False
        )
        batch_op.create_index(
            "ix_follow_up_progress_due_at", ["progress", "due_at"], unique=False
        )

    op.create_table(
        "follow_up_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "opened",
                "claimed",
                "handed",
                "sent",
                "answered",
                "rating_changed",
                "proposed",
                "returned",
                "closed",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_follow_up_entry_author_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"],
            ["follow_up.id"],
            name=op.f("fk_follow_up_entry_follow_up_id_follow_up"),
        ),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["outbox_mail.id"],
            name=op.f("fk_follow_up_entry_mail_id_outbox_mail"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_entry")),
        sa.UniqueConstraint("follow_up_id", "key", name="uq_follow_up_entry_key"),
    )
    with op.batch_alter_table("follow_up_entry", schema=None) as batch_op:
        batch_op.create_index(
            op.f("ix_follow_up_entry_follow_up_id"), ["follow_up_id"], unique=False
        )

    # Never deleted, also by whoever talks to the database directly.
    for table in ("follow_up", "follow_up_entry"):
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}"
            " BEGIN SELECT RAISE(ABORT, 'follow-ups are never deleted'); END"
        )
    op.bulk_insert(
        template,
        [
            {
                "name": name,
                "body": body,
                "active": True,
                "changed_at": datetime(2026, 11, 1, tzinfo=UTC),
            }
            for name, body in TEMPLATES.items()
        ],
    )


def downgrade() -> None:
    op.drop_table("follow_up_entry")
    op.drop_table("follow_up")
    op.drop_table("survey_answer")
    op.drop_table("rating_reminder")
    op.drop_table("rating")
    op.drop_table("follow_up_template")
