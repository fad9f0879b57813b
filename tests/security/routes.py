"""Print every route and who may call it: `python -m tests.security.routes`.

The output is what belongs into `routes.txt`; read the difference before committing it.
"""

import re
import tempfile
from pathlib import Path

from flask import Flask

from pst import create_app
from tests.conftest import settings_for

HEADING = "# Who may call what: one route a line. A route that is not here fails."
TABLE = Path(__file__).parent / "routes.txt"
MAY = {
    "everyone": {"stranger", "user", "officer", "head", "admin"},
    "signed_in": {"user", "officer", "head", "admin"},
    "team": {"officer", "head", "admin"},
    "staff": {"officer", "head"},
    "officers": {"officer"},
    "heads": {"head"},
    "overseers": {"head", "admin"},
    "admins": {"admin"},
}
NAMES = {"user": "siti", "officer": "budi", "head": "hasan", "admin": "andi"}
# These end the log-in they are called with: they come last.
LAST = ("/keluar", "/akun/perangkat/pengeluaran", "/akun/kata-sandi")
ARGUMENT = re.compile(r"<((?:\w+:)?\w+)>")
SOMETHING = {"number": "KS-2026-000009", "day": "2026-03-03", "int:year": "2026"}


def routes_of(app: Flask) -> list[tuple[str, str, str]]:
    """List who, method and path of each route, by path."""
    return sorted(
        (
            (app.view_functions[rule.endpoint].access, method, rule.rule)  # type: ignore[attr-defined]
            for rule in app.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        ),
        key=lambda row: (row[2], row[1]),
    )


def written() -> list[tuple[str, str, str]]:
    """Read the table: who, method, path."""
    lines = TABLE.read_text().splitlines()
    rows = [tuple(line.split()) for line in lines if line and line[0] != "#"]
    return rows  # type: ignore[return-value]


def path_of(rule: str) -> str:
    """Fill in the arguments of a route with something that looks right."""
    return ARGUMENT.sub(lambda found: SOMETHING.get(found[1], "9999"), rule)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_for(Path(folder)))
        print(HEADING)
        for who, method, path in routes_of(app):
            print(f"{who:10} {method:5} {path}")


if __name__ == "__main__":
    main()
