"""The minimal POST as the server loads it: `bench.minimal_sends:app`."""

import os
import sqlite3
import threading
from pathlib import Path

from bench.minimal import connect, of_sends

_mine = threading.local()


def of_this_thread() -> sqlite3.Connection:
    if not hasattr(_mine, "connection"):
        _mine.connection = connect(Path(os.environ["PST_DATA_DIR"]))
    return _mine.connection


app = of_sends(of_this_thread)
