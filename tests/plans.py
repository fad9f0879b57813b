"""How SQLite answers a statement: which tables that grow it reads from end to end."""

import re
from typing import Any

import sqlalchemy as sa

# What grows with the years; a full reading of one costs more every day.
GROWING = frozenset(
    (
        "consultation",
        "message",
        "turn",
        "clarity",
        "user",
        "log_in",
        "read_mark",
        "attachment",
        "rating",
        "follow_up",
        "outbox_mail",
        "audit_entry",
    )
)
ALIAS = re.compile(r"\b(\w+) AS (\w+)")
SCAN = re.compile(r"^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
PARTIAL = "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"


def plan(connection: sa.Connection, text: str, values: Any) -> list[str]:
    """Return the steps of SQLite for a statement."""
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
    return [row[3] for row in rows]


def full_scans(connection: sa.Connection, text: str, values: Any) -> list[str]:
    """Return the steps that read a growing table whole.

    A partial index holds only what is open or wanting, and may be read from end to end.
    """
    partial = set(connection.exec_driver_sql(PARTIAL).scalars())
    names = {alias: table for table, alias in ALIAS.findall(text)}
    scans = []
    for step in plan(connection, text, values):
        match = SCAN.match(step)
        if match is None or match[2] in partial:
            continue
        if names.get(match[1], match[1]) in GROWING:
            scans.append(step)
    return scans
