"""Accounts at the organisation's provider, and which log-ins began there."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.create_table(
        "sign_on_account",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name=op.f("fk_sign_on_account_user_id_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_sign_on_account")),
        sa.UniqueConstraint(
            "issuer", "subject", name=op.f("uq_sign_on_account_issuer")
        ),
    )
    with op.batch_alter_table("log_in") as table:
        table.add_column(
            sa.Column("provider_session", sa.String(length=255), nullable=True)
        )
        table.add_column(sa.Column("leave_url", sa.Text(), nullable=True))
        table.add_column(
            sa.Column(
                "has_second_step",
                sa.Boolean(),
                nullable=False,
                server_default=sa.false(),
            )
        )
        table.create_index(op.f("ix_log_in_provider_session"), ["provider_session"])


def downgrade() -> None:
    with op.batch_alter_table("log_in") as table:
        table.drop_index(op.f("ix_log_in_provider_session"))
        table.drop_column("has_second_step")
        table.drop_column("leave_url")
        table.drop_column("provider_session")
    op.drop_table("sign_on_account")
