"""Regions with the codes of BPS and Kemendagri, and the names that lead to them.

What people write as *Wilayah* becomes a place that can be counted and searched for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bps_code", sa.String(10), nullable=False),
        sa.Column("kemendagri_code", sa.String(13), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("parent_code", sa.String(10), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_region"),
        sa.UniqueConstraint("bps_code", name="uq_region_bps_code"),
    )
    op.create_index("ix_region_kemendagri_code", "region", ["kemendagri_code"])
    op.create_index("ix_region_parent_code", "region", ["parent_code"])
    op.create_table(
        "region_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name="fk_region_name_region_id_region"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_region_name"),
    )
    op.create_index("ix_region_name_region_id", "region_name", ["region_id"])
    op.add_column("consultation", sa.Column("area_code", sa.String(10)))


def downgrade() -> None:
    op.drop_column("consultation", "area_code")
    op.drop_table("region_name")
    op.drop_table("region")
