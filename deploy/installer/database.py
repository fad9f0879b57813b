"""Copies of the database, made by the service's user with the service's Python.

`python deploy/installer/database.py revision FILE | copy FROM TO | put FROM TO`
"""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path


def revision(path: str) -> str:
    """Tell the newest migration that `path` has seen."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
        return file.execute("SELECT version_num FROM alembic_version").fetchone()[0]


def copy(source: str, target: str) -> str:
    """Copy what is committed, while others write; see whether the copy is sound."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(target)) as fresh,
    ):
        live.backup(fresh)
        fresh.execute("PRAGMA journal_mode=DELETE")
        if fresh.execute("PRAGMA quick_check").fetchone() != ("ok",):
            sys.exit(f"{source} is damaged")
    return target


def put(source: str, target: str) -> str:
    """Have `source` take the place of `target`, which nobody has open."""
    for ending in ("-wal", "-shm"):
        Path(target + ending).unlink(missing_ok=True)
    os.replace(source, target)
    return target


if __name__ == "__main__":
    print({"revision": revision, "copy": copy, "put": put}[sys.argv[1]](*sys.argv[2:]))
