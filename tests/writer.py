"""Another process that writes: it reads, waits to be told, and writes what follows.

`python -m tests.writer FOLDER DATABASE-URL`
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from pst import clock, create_app
from pst.database import db, transaction
from pst.office.settings import OfficeSetting
from tests.processes import ROOT

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


def other_process(app: Flask) -> subprocess.Popen[str]:
    """Start another process that has its turn to write, and has read."""
    conf = app.config["PST"]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.writer", str(conf.data_dir), conf.database_url],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "read\n"
    return process


if __name__ == "__main__":
    from tests.conftest import settings_for

    app = create_app(settings_for(Path(sys.argv[1]), database_url=sys.argv[2]))
    with app.app_context(), transaction():
        count_one(wait_to_be_told)
