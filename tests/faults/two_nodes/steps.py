"""What people do on two web servers, and what is stored."""

import os
import signal

import pytest

from tests.faults.nodes import Node
from tests.postgresql import PROGRAMS

SQLITE, SHARED = "SQLite and a folder", "PostgreSQL and S3"
on_each = pytest.mark.parametrize(
    "nodes",
    [
        SQLITE,
        pytest.param(
            SHARED,
            marks=pytest.mark.skipif(not PROGRAMS, reason="no PostgreSQL"),
        ),
    ],
    indirect=True,
)


def stop(node: Node) -> None:
    web = node.running.pop("web")
    os.kill(web.pid, signal.SIGTERM)
    assert web.wait(60) == 0
