"""A copy of the service as a version that has two more migrations."""

import os
import shutil
from pathlib import Path

from tests.processes import ROOT

CODE, MODEL = "pst", "pst/consultations/messages.py"
AFTER = "    correction: Mapped[int | None]\n"
COLUMN = (
    "    tone: Mapped[str] = mapped_column(sa.String(20), default='newer',"
    " server_default='older')\n"
)
MIGRATION = '''"""{name}."""

import sqlalchemy as sa
from alembic import op

revision = "{number:04}"
down_revision = "{before:04}"


def upgrade() -> None:
    {steps}


def downgrade() -> None:
    pass
'''
ADD_COLUMN = """op.add_column(
        "message",
        sa.Column("tone", sa.String(20), nullable=False, server_default="older"),
    )
    op.create_index("ix_message_tone", "message", ["tone"])"""
ADD_TABLE = """op.create_table(
        "message_tag",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("message.id")),
    )"""


def newer(tree: Path) -> Path:
    """Copy the service to `tree`, with a column and a table that ours does not know."""
    tree.mkdir()
    for path in ROOT.iterdir():
        if path.suffix in (".py", ".toml"):
            shutil.copy2(path, tree)
    (tree / "docs").symlink_to(ROOT / "docs")
    for name in (CODE, "migrations"):
        # What is compiled goes with it: it is known by the time of its source.
        shutil.copytree(ROOT / name, tree / name)
    text = (tree / MODEL).read_text()
    assert AFTER in text
    (tree / MODEL).write_text(text.replace(AFTER, AFTER + COLUMN))
    os.utime(tree / MODEL)
    newest = max(int(path.name[:4]) for path in versions(tree))
    write(tree, newest + 1, "Add tone", ADD_COLUMN)
    write(tree, newest + 2, "Create message tags", ADD_TABLE)
    return tree


def versions(tree: Path) -> list[Path]:
    return list((tree / "migrations" / "versions").glob("[0-9]*.py"))


def write(tree: Path, number: int, name: str, steps: str) -> None:
    text = MIGRATION.format(name=name, number=number, before=number - 1, steps=steps)
    file = f"{number:04}_{name.lower().replace(' ', '_')}.py"
    (tree / "migrations" / "versions" / file).write_text(text)
