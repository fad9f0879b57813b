"""Registrations that wait for their address, and the requests written along with them.

Until now the last registration of an unverified address replaced the one before,
whoever made it; and a newcomer's question was thrown away by registering. Both wait
now, and are no one's until the address is verified.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("institution_kind", sa.String(40), nullable=False),
        sa.Column("institution", sa.String(200), nullable=False),
        sa.Column("occupation", sa.String(40), nullable=False),
        sa.Column("consent_version", sa.String(40), nullable=False),
        sa.Column("wants_survey", sa.Boolean(), nullable=False),
        sa.Column("wants_news", sa.Boolean(), nullable=False),
        sa.Column("network", sa.String(50), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name="fk_registration_user_id_user",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_registration"),
    )
    op.create_index("ix_registration_user_id", "registration", ["user_id"])
    op.create_index("ix_registration_created_at", "registration", ["created_at"])
    _create_requests()


def _create_requests() -> None:
    op.create_table(
        "unfiled_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column(
            "category",
            sa.Enum(
                *("data", "metadata", "recommendation", "classification"),
                name="category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("network", sa.String(50), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name="fk_unfiled_request_registration_id_registration",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user.id"],
            name="fk_unfiled_request_user_id_user",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unfiled_request"),
    )
    for column in ("registration_id", "user_id", "expires_at"):
        op.create_index(f"ix_unfiled_request_{column}", "unfiled_request", [column])


def downgrade() -> None:
    op.drop_table("unfiled_request")
    op.drop_table("registration")
