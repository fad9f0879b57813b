"""Another process that writes: it reads, waits to be told, and writes what follows.

`python -m tests.writer FOLDER DATABASE-URL`
"""

import sys
from collections.abc import Callable
from pathlib import Path

from pst import clock, create_app
from pst.database import db, transaction
from pst.office.settings import OfficeSetting

KEY = "counted"


def count_one(between: Callable[[], object]) -> None:
    """Read a number and write the next, as a verb does."""
    row = db.session.get(OfficeSetting, KEY)
    number = int(row.value) if row else 0
    between()
    if row is None:
        db.session.add(OfficeSetting(key=KEY, value="1", changed_at=clock.now()))
    else:
        row.value = str(number + 1)


def wait_to_be_told() -> None:
    print("read", flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    from tests.conftest import settings_for

    app = create_app(settings_for(Path(sys.argv[1]), database_url=sys.argv[2]))
    with app.app_context(), transaction():
        count_one(wait_to_be_told)
