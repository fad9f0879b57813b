"""The codes that officers gave, and the reviewed words by which they are found.

A decision holds no words of the user: those stay with the consultation until it is
erased. An example holds only what a reviewer kept.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
REVIEW = sa.Enum("pending", "kept", "left", name="review", native_enum=False, length=40)


def upgrade() -> None:
    op.create_table(
        "code_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("code_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("review", REVIEW, nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name="fk_code_decision_consultation_id_consultation",
        ),
        sa.ForeignKeyConstraint(
            ["code_id"], ["code.id"], name="fk_code_decision_code_id_code"
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["user.id"], name="fk_code_decision_officer_id_user"
        ),
        sa.CheckConstraint(
            "review IN ('pending', 'kept', 'left')", name="ck_code_decision_review"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_code_decision"),
        sa.UniqueConstraint(
            "consultation_id", "code_id", name="uq_code_decision_consultation_id"
        ),
    )
    op.create_index("ix_code_decision_code_id", "code_decision", ["code_id"])
    op.create_index("ix_code_decision_given_at", "code_decision", ["given_at"])
    op.create_table(
        "code_example",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["code_id"], ["code.id"], name="fk_code_example_code_id_code"
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user.id"], name="fk_code_example_added_by_id_user"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_code_example"),
        sa.UniqueConstraint("code_id", "words", name="uq_code_example_code_id"),
    )


def downgrade() -> None:
    op.drop_table("code_example")
    op.drop_table("code_decision")
