"""Whether others can write while something else is being made."""

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from pst.database import db


def others_can_write() -> None:
    """Take the write lock from outside, at once; raise when someone holds it."""
    other = sqlite3.connect(str(db.engine.url.database), timeout=0)
    try:
        other.execute("BEGIN IMMEDIATE")
        other.rollback()
    finally:
        other.close()


def watch(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> list[str]:
    """Let others write each time a function is called; return the list of calls."""
    calls: list[str] = []
    real: Callable[..., Any] = getattr(module, name)

    def checked(*args: Any, **options: Any) -> Any:
        others_can_write()
        calls.append(name)
        return real(*args, **options)

    monkeypatch.setattr(module, name, checked)
    return calls
