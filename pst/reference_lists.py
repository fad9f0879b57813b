"""Lists that forms offer and reports group by: versioned reference data."""

import json
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@cache
def _lists() -> dict[str, list[tuple[str, str]]]:
    raw = json.loads((DATA / "options.json").read_text())
    return {
        name: [(code, text) for code, text in pairs]
        for name, pairs in raw.items()
        if name != "version"
    }


def choices(name: str) -> list[tuple[str, str]]:
    """List the (code, text) pairs of the list `name`."""
    return _lists()[name]


def text_of(name: str, code: str | None) -> str:
    """Return the words for `code`; an old code no longer offered shows as itself."""
    return dict(choices(name)).get(code or "", code or "–")
