"""A database of before there were turns, and what it becomes."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask_migrate import upgrade

from pst import create_app
from pst.database import db
from tests.conftest import settings_for

BEFORE, NOW = "0037", "2026-03-10 09:00+07:00"
JAKARTA = ZoneInfo("Asia/Jakarta")
SITI, BUDI = 1, 2
# Filed on Monday 2 March 2026 at 09.00, and so due on Thursday at 15.30.
ASKED, DUE = "02 09:00", "05 15:30"


def at(text: str) -> datetime:
    """Return a local moment of March 2026, named by day and time."""
    return datetime.fromisoformat(f"2026-03-{text}+07:00").astimezone(UTC)


class OldOffice:
    """A database of before there were turns, with one consultation."""

    def __init__(
        self, folder: Path, capsys: pytest.CaptureFixture[str] | None = None
    ) -> None:
        self.folder, self.capsys = folder, capsys
        self.printed: list[str] = []

    def begin(self) -> None:
        """Make the tables of then, with a user and an officer."""
        self.migrate(BEFORE)
        for id, name, role in ((SITI, "siti", "user"), (BUDI, "budi", "officer")):
            self.insert(
                "user", id=id, name=name, role=role, email=f"{name}@contoh.test"
            )

    def migrate(self, revision: str) -> None:
        with (
            time_machine.travel(NOW),
            create_app(settings_for(self.folder)).app_context(),
        ):
            upgrade(revision=revision)
            db.engine.dispose()

    def turns(
        self, row: dict[str, Any], *entries: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Store a consultation as it was, migrate, and return what it was made of."""
        asked = {"asked_at": ASKED, "user_id": SITI, "officer_id": BUDI}
        kinds = {"category": "data", "channel": "online", "details": "{}"}
        number = {"number": "KS-2026-000001", "year": 2026, "sequence": 1}
        self.insert("consultation", id=1, **{**asked, **kinds, **number, **row})
        for entry in entries:
            said = {"consultation_id": 1, "data": "{}", "is_final": False, **entry}
            self.insert("message", **said)
        assert self.capsys is not None
        self.capsys.readouterr()
        self.migrate("head")
        lines = self.capsys.readouterr().out.splitlines()
        self.printed = [line for line in lines if line.startswith("2026-")]
        rows = self.of("turn", "due_at, ended_at, end, officer_id")
        return [
            {"due": moment(due), "ended": moment(ended), "end": end, "by": by}
            for due, ended, end, by in rows
        ]

    def audit(self, when: str, **detail: str) -> None:
        """Store what the trail says of an answer."""
        self.insert(
            "audit_entry",
            at=when,
            action="answer",
            subject="consultation:KS-2026-000001",
            detail=json.dumps(detail),
        )

    def of(self, table: str, columns: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "pst.sqlite3")) as file:
            return file.execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()

    def insert(self, table: str, **values: Any) -> None:
        """Store a row; what is required and not named is empty."""
        with closing(sqlite3.connect(self.folder / "pst.sqlite3")) as file, file:
            for _, name, kind, required, preset, is_key in file.execute(
                f"PRAGMA table_info('{table}')"
            ).fetchall():
                if required and preset is None and not is_key and name not in values:
                    values[name] = ASKED if kind == "DATETIME" else 0
                if kind == "DATETIME" and values.get(name):
                    text = at(values[name]).isoformat(" ", timespec="microseconds")
                    values[name] = text.removesuffix("+00:00")
            names = ", ".join(f'"{name}"' for name in values)
            marks = ", ".join("?" for _ in values)
            file.execute(
                f'INSERT INTO "{table}" ({names}) VALUES ({marks})', (*values.values(),)
            )


def moment(text: str | None) -> str | None:
    """Return the local day and time of a moment in the database."""
    if text is None:
        return None
    return f"{datetime.fromisoformat(f'{text}+00:00').astimezone(JAKARTA):%d %H:%M}"
