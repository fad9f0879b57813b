"""What the outbox needs to lease and retry, and how jobs and their items fared."""

import sqlalchemy as sa
from alembic import op

from pst.database import UtcDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("outbox_mail") as table:
        table.add_column(sa.Column("message_id", sa.String(length=120)))
        table.add_column(sa.Column("give_up_at", UtcDateTime()))
        table.add_column(sa.Column("leased_until", UtcDateTime()))
    op.execute(
        "UPDATE outbox_mail SET message_id = '<' || id || '@pst>',"
        " give_up_at = datetime(created_at, '+3 days')"
    )
    with op.batch_alter_table("outbox_mail") as table:
        table.alter_column("message_id", nullable=False)
        table.alter_column("give_up_at", nullable=False)
        table.create_index(op.f("ix_outbox_mail_sent_at"), ["sent_at"])
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("failed_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    op.create_table(
        "setup_step",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'done', 'skipped')",
            name=op.f("ck_setup_step_progress"),
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"],
            ["user.id"],
            name=op.f("fk_setup_step_changed_by_id_user"),
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setup_step")),
    )
    op.create_table(
        "parked_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=80), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", UtcDateTime(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.CheckConstraint("failures > 0", name=op.f("ck_parked_item_failures")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_item")),
        sa.UniqueConstraint("job", "item_id", name="uq_parked_item_job"),
    )


def downgrade() -> None:
    op.drop_table("setup_step")
    op.drop_table("parked_item")
    op.drop_table("job_run")
    with op.batch_alter_table("outbox_mail") as table:
        table.drop_index(op.f("ix_outbox_mail_sent_at"))
        table.drop_column("leased_until")
        table.drop_column("give_up_at")
        table.drop_column("message_id")
