"""A new migration suits the version that goes on serving (deploy/cluster.md).

What the older version needs is taken away by a later release only: a migration that
takes something says in `unused_since` which released version does without already.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.processes import ROOT

VERSIONS = ROOT / "migrations" / "versions"
LAST_BEFORE = "0047"  # of those until then none was asked this
TAKES = {
    *("drop_table", "drop_column", "rename_table", "alter_column"),
    *("create_unique_constraint", "create_check_constraint", "create_foreign_key"),
}
HEAD = "def upgrade() -> None:\n    "


def test_a_new_migration_takes_nothing_that_is_in_use():
    released = re.findall(r"(?m)^## (\S+) – \d", (ROOT / "CHANGELOG.md").read_text())
    for path in VERSIONS.glob("[0-9]*.py"):
        if path.name[:4] > LAST_BEFORE:
            assert faults(path.read_text(), released) == [], path.name


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        ('op.create_table("tag", sa.Column("id", sa.Integer(), nullable=False))', []),
        ('op.add_column("message", sa.Column("tone", sa.Text()))', []),
        ('op.create_index("ix_message_tone", "message", ["tone"])', []),
        ('op.drop_column("message", "tone")', ["drop_column"]),
        ('op.alter_column("message", "tone", type_=sa.Text())', ["alter_column"]),
        ('op.alter_column("message", "tone", nullable=False)', ["alter_column"]),
        ('op.alter_column("message", "tone", nullable=True)', []),
        ('op.rename_table("message", "entry")', ["rename_table"]),
    ],
)
def test_what_may_be_added_and_what_takes_away(step: str, fault: list[str]):
    assert faults(HEAD + step, ["0.2.0"]) == fault


def test_a_new_column_is_one_that_the_older_version_need_not_fill_in():
    needed = 'op.add_column("message", sa.Column("tone", sa.Text(), nullable=False))'
    filled = needed.replace("False)", 'False, server_default="")')

    assert faults(HEAD + needed, []) == ["add_column"]
    assert faults(HEAD + filled, []) == []


def test_what_no_released_version_uses_may_go():
    gone = f'{HEAD}op.drop_column("message", "tone")'

    assert faults(f'unused_since = "0.2.0"\n{gone}', ["0.2.0"]) == []
    assert faults(f'unused_since = "0.3.0"\n{gone}', ["0.2.0"]) == ["drop_column"]


def test_what_a_step_back_takes_is_no_matter():
    back = 'def downgrade() -> None:\n    op.drop_table("tag")'

    assert faults(back, []) == []


def faults(text: str, released: list[str]) -> list[str]:
    """Name the steps of a migration that the older version might not survive."""
    module = ast.parse(text)
    match = re.search(r'(?m)^unused_since = "(.+)"', text)
    may_take = match is not None and match[1] in released
    return [
        name
        for name, call in steps(module)
        if (name in TAKES and not may_take and not loosens(call))
        or (name == "add_column" and demands(call))
    ]


def steps(module: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Give what a migration calls on its way up, helpers counted."""
    for part in module.body:
        if isinstance(part, ast.FunctionDef) and part.name == "downgrade":
            continue
        for node in ast.walk(part):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield node.func.attr, node


def loosens(call: ast.Call) -> bool:
    """Return whether all that a call does is to let a column be empty."""
    return [ast.unparse(word) for word in call.keywords] == ["nullable=True"]


def demands(call: ast.Call) -> bool:
    """Return whether a row cannot be written without the new column."""
    text = ast.unparse(call)
    return "nullable=False" in text and "server_default" not in text
