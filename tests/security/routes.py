"""Print every route and who may call it: `python -m tests.security.routes`.

The output is what belongs into `routes.txt`; read the difference before committing it.
"""

import tempfile
from pathlib import Path

from flask import Flask

from pst import create_app
from tests.conftest import settings_for

HEADING = "# Who may call what: one route a line. A route that is not here fails."


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


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_for(Path(folder)))
        print(HEADING)
        for who, method, path in routes_of(app):
            print(f"{who:10} {method:5} {path}")


if __name__ == "__main__":
    main()
