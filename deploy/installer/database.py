"""What is done in the folder of the data, by the service's user with its Python.

`python deploy/installer/database.py revision FILE | copy FROM TO | put FROM TO
| empty FOLDER | drop FOLDER | secret FILE`
"""

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path


def revision(path: str) -> str:
    """Return the newest migration that `path` has seen."""
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
    """Put `source` in the place of `target`, which no one has open."""
    for ending in ("-wal", "-shm"):
        Path(target + ending).unlink(missing_ok=True)
    os.replace(source, target)
    return target


def empty(folder: str) -> str:
    """Make an empty folder that no one else may enter."""
    drop(folder)
    os.mkdir(folder, 0o700)
    return folder


def drop(folder: str) -> str:
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def secret(path: str) -> str:
    """Return the secret that lies there; "" when none does."""
    file = Path(path)
    return file.read_text().strip() if file.exists() else ""


TOOLS = {tool.__name__: tool for tool in (revision, copy, put, empty, drop, secret)}

if __name__ == "__main__":
    print(TOOLS[sys.argv[1]](*sys.argv[2:]))
