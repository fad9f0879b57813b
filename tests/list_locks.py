"""Whether others can write while something else is being made."""

from collections.abc import Callable
from typing import Any

import pytest

from pst.database import db, engine


def others_can_write() -> None:
    """Take the write lock from outside, at once; raise when someone holds it."""
    address = db.engine.url.render_as_string(hide_password=False)
    assert engine().why_not_writable(address, patience_s=0) == ""


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
