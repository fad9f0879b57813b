"""A migration is interrupted, and taken up again."""

import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests.processes import ROOT, wait_until

# The newest migration that is done when the power goes: none, the baseline, later ones.
CUTS = (0, 13, 16, 20)


def test_an_interrupted_migration_is_taken_up_again(tmp_path: Path, prepared: Path):
    chance = random.Random(8)
    for cut in CUTS:
        interrupt(tmp_path, cut, chance.uniform(0, 0.03))

    assert upgrade(tmp_path).wait(120) == 0
    assert schema(tmp_path) == schema(prepared)
    with closing(sqlite3.connect(tmp_path / "pst.sqlite3")) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def interrupt(folder: Path, cut: int, into_the_next: float) -> None:
    begun = upgrade(folder)
    wait_until(
        lambda: begun.poll() is not None or (is_begun(folder) and done(folder) >= cut),
        "it",
        60,
    )
    time.sleep(into_the_next)
    begun.kill()
    begun.wait()


def upgrade(folder: Path) -> subprocess.Popen[bytes]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("PST_")}
    env |= {"PST_TESTING": "1", "PST_DATA_DIR": str(folder), "FLASK_APP": "wsgi"}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "db", "upgrade"],
        **{"env": env, "cwd": ROOT},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def is_begun(folder: Path) -> bool:
    return (folder / "pst.sqlite3").exists()


def done(folder: Path) -> int:
    """Return the number of the newest migration that is done, 0 before the first."""
    try:
        address = f"file:{folder / 'pst.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=20)) as file:
            row = file.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        return 0
    return int(row[0][:4]) if row else 0


def schema(folder: Path) -> dict[str, list[str]]:
    """Return what was made; the order of a table's constraints is left to chance."""
    with closing(sqlite3.connect(folder / "pst.sqlite3")) as file:
        rows = file.execute("SELECT name, sql FROM sqlite_master").fetchall()
    return {
        name: sorted(line.strip(" \t,") for line in (sql or "").splitlines())
        for name, sql in rows
    }
