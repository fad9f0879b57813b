"""What Statistics Indonesia publishes: items, figures, and the runs that fetch them.

Two thirds of what people ask is one figure, for one area, for one year. The figures and
the lists of tables are kept here, so that no page ever waits for another machine.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from pst.database import UtcDateTime, only_where

revision = "0031"
down_revision = "0030"

TABLES = (
    *("catalogue_page", "catalogue_run", "catalogue_domain", "catalogue_source"),
    *("catalogue_opening", "catalogue_value", "catalogue_item"),
)


def column(name: str, *parts: Any) -> sa.Column[Any]:
    return sa.Column(name, *parts, nullable=False)


def optional(name: str, *parts: Any) -> sa.Column[Any]:
    return sa.Column(name, *parts, nullable=True)


def choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(
        *values, name=name, native_enum=False, create_constraint=True, length=40
    )


def upgrade() -> None:
    create_items()
    create_values()
    create_sources()


def create_items() -> None:
    origin = choice("origin", "webapi", "file", "officer", "demo")
    kind = choice("itemkind", "table", "publication", "release", "indicator", "file")
    op.create_table(
        "catalogue_item",
        sa.Column("id", sa.Integer(), primary_key=True),
        column("list_name", sa.String(80)),
        column("source_id", sa.String(120)),
        column("origin", origin),
        column("kind", kind),
        column("title", sa.String(400)),
        column("title_en", sa.String(400)),
        column("abstract", sa.Text()),
        column("subject", sa.String(160)),
        column("unit", sa.String(160)),
        column("area", sa.String(160)),
        column("area_code", sa.String(10)),
        column("years", sa.JSON()),
        optional("last_year", sa.Integer()),
        optional("released_on", sa.Date()),
        optional("next_on", sa.Date()),
        optional("updated_on", sa.Date()),
        column("address", sa.String(600)),
        column("file_address", sa.String(600)),
        column("note", sa.Text()),
        column("fingerprint", sa.String(24)),
        column("added_at", UtcDateTime()),
        column("changed_at", UtcDateTime()),
        column("seen_at", UtcDateTime()),
        optional("gone_at", UtcDateTime()),
        optional("values_at", UtcDateTime()),
        column("is_indexed", sa.Boolean()),
        optional("by_id", sa.Integer(), sa.ForeignKey("user.id")),
        sa.UniqueConstraint("list_name", "source_id"),
    )
    op.create_index("ix_catalogue_item_next_on", "catalogue_item", ["next_on"])
    op.create_index(
        "ix_catalogue_item_unindexed",
        "catalogue_item",
        ["id"],
        **only_where("NOT is_indexed"),
    )


def create_values() -> None:
    item = sa.ForeignKey("catalogue_item.id", ondelete="CASCADE")
    op.create_table(
        "catalogue_value",
        sa.Column("id", sa.Integer(), primary_key=True),
        column("item_id", sa.Integer(), item),
        column("area_code", sa.String(10)),
        column("area", sa.String(160)),
        column("breakdown", sa.String(320)),
        column("year", sa.Integer()),
        column("part", sa.Integer()),
        column("part_name", sa.String(60)),
        column("value", sa.Float()),
        column("decimals", sa.Integer()),
        sa.UniqueConstraint(
            *("item_id", "area_code", "area", "breakdown", "year", "part")
        ),
    )
    item = sa.ForeignKey("catalogue_item.id", ondelete="CASCADE")
    op.create_table(
        "catalogue_opening",
        sa.Column("item_id", sa.Integer(), item, primary_key=True),
        sa.Column("on", sa.Date(), primary_key=True),
        column("count", sa.Integer()),
    )


def create_sources() -> None:
    op.create_table(
        "catalogue_source",
        sa.Column("id", sa.Integer(), primary_key=True),
        column("key", sa.String(200)),
        column("domains", sa.JSON()),
        column("changed_at", UtcDateTime()),
        optional("changed_by_id", sa.Integer(), sa.ForeignKey("user.id")),
        optional("wanted_at", UtcDateTime()),
    )
    op.create_table(
        "catalogue_domain",
        sa.Column("code", sa.String(4), primary_key=True),
        column("name", sa.String(120)),
        column("address", sa.String(200)),
    )
    op.create_table(
        "catalogue_run",
        sa.Column("list_name", sa.String(80), primary_key=True),
        column("started_at", UtcDateTime()),
        optional("ended_at", UtcDateTime()),
        optional("done_at", UtcDateTime()),
        *(column(n, sa.Integer()) for n in ("items", "added", "changed", "gone")),
        column("skipped", sa.Integer()),
        column("fault", sa.String(500)),
        column("is_shrunk", sa.Boolean()),
        column("may_shrink", sa.Boolean()),
    )
    op.create_table(
        "catalogue_page",
        sa.Column("list_name", sa.String(80), primary_key=True),
        sa.Column("page", sa.Integer(), primary_key=True),
        column("pages", sa.Integer()),
        optional("total", sa.Integer()),
        column("content", sa.JSON()),
        column("at", UtcDateTime()),
    )


def downgrade() -> None:
    """Drop the catalogue, and its documents with the rest of the index."""
    if op.get_bind().dialect.name != "postgresql":  # it has no index of its own
        empty_index()
    for name in TABLES:
        op.drop_table(name)


def empty_index() -> None:
    op.execute("INSERT INTO search_index (search_index) VALUES ('delete-all')")
    for name in ("search_document", "search_word", "search_deletion"):
        op.execute(f"DELETE FROM {name}")
    op.execute("DELETE FROM search_state WHERE kind != 0")
    op.execute("UPDATE search_state SET version = 'empty', documents = 0")
