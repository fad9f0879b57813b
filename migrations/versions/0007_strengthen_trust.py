"""Two-step log-in, ends of log-ins, consents, the chained trail, settings' history,
the register of breaches.

Everybody is signed out once: a log-in of before cannot tell when it was last seen.
"""

import sqlalchemy as sa
from alembic import op

from pst.database import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for name in ("last_log_in_at", "expiry_told_at", "two_step_at", "erased_at"):
        op.add_column("user", sa.Column(name, UtcDateTime(), nullable=True))
    op.execute("DELETE FROM log_in")
    with op.batch_alter_table("log_in") as batch:
        batch.add_column(sa.Column("address", sa.String(length=45), nullable=True))
        batch.add_column(sa.Column("seen_at", UtcDateTime(), nullable=False))
        batch.add_column(sa.Column("confirmed_at", UtcDateTime(), nullable=False))
    # Not in batch mode: that would make the table anew, without its triggers.
    op.add_column(
        "audit_entry", sa.Column("hash", sa.LargeBinary(length=32), nullable=True)
    )
    op.create_table(
        "two_step",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("app_nonce", sa.String(length=40), nullable=False),
        sa.Column("recovery_nonce", sa.String(length=40), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("used_codes", sa.Integer(), nullable=False),
        sa.Column("codes_saved_at", UtcDateTime(), nullable=True),
        sa.Column("enabled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_two_step_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_two_step")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                *("service", "survey", "news"),
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_consent_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent") as batch:
        batch.create_index(op.f("ix_consent_user_id"), ["user_id"])
    op.create_table(
        "setting_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_change")),
    )
    with op.batch_alter_table("setting_change") as batch:
        batch.create_index(op.f("ix_setting_change_key"), ["key"])
    op.create_table(
        "breach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_at", UtcDateTime(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in (
                *("what", "which_data", "how", "measures", "advice", "concerned"),
            )
        ),
        sa.Column("reported_at", UtcDateTime(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("told_count", sa.Integer(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_breach_created_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach")),
    )


def downgrade() -> None:
    for table in ("breach", "setting_change", "consent", "two_step"):
        op.drop_table(table)
    op.drop_column("audit_entry", "hash")
    with op.batch_alter_table("log_in") as batch:
        for name in ("confirmed_at", "seen_at", "address"):
            batch.drop_column(name)
    for name in ("erased_at", "two_step_at", "expiry_told_at", "last_log_in_at"):
        op.drop_column("user", name)
