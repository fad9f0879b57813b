"""The night's duties, their files and their lamps."""

from pathlib import Path

from flask import current_app
from flask.testing import FlaskCliRunner

from pst.admin.backups import notes
from pst.admin.health.looks import checks
from pst.database import db

EVENING = "2026-03-{:02} 20:00+07:00"


def names(folder: Path) -> list[str]:
    return [path.name for path in notes.archives_in(folder)]


def nightly() -> FlaskCliRunner:
    """Do what the timer of the night does; return how it ended."""
    return current_app.test_cli_runner().invoke(args=["backup", "nightly"])


def levels() -> dict[str, str]:
    """Look at everything; like a request, hold no lock when that is done."""
    found: dict[str, str] = {check.name: check.level for check in checks()}
    db.session.rollback()
    return found


def level_of(name: str) -> str:
    return levels()[name]


def lamps() -> dict[str, str]:
    wanted = ("backup", "backup_copied", "backup_verified", "backup_tidied")
    found = levels()
    return {name: found[name] for name in wanted}
