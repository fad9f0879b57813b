"""What Python has freed goes back to the machine, and soon enough."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask

from pst.server import memory

# Beyond what Python's own allocator takes; the last one holds the end of the heap.
FREED = """
import re
from pathlib import Path
from pst.server import memory

def resident_mb():
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmRSS:\\s+(\\d+)", status)[1]) / 1024

held = [bytes(700) for _ in range(60_000)]
full = resident_mb()
del held[:-1]
kept = resident_mb()
memory.give_back()
print(full, kept, resident_mb())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only glibc keeps and gives back")
def test_what_is_free_goes_back_at_once():
    done = subprocess.run(
        [sys.executable, "-c", FREED],
        cwd=Path(memory.__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    full, kept, after = (float(text) for text in re.findall(r"[\d.]+", done.stdout))

    assert full - kept < 10, "the C library keeps it"
    assert full - after > 30


def test_pages_look_for_it_once_a_minute(app: Flask, monkeypatch: pytest.MonkeyPatch):
    given: list[str] = []
    monkeypatch.setattr(memory, "give_back", lambda: given.append("given"))
    monkeypatch.setattr(memory, "_next", 0.0)
    client = app.test_client()

    client.get("/pengaduan")
    client.get("/pengaduan")
    assert len(given) == 1

    assert 0 < memory._next - time.monotonic() <= memory.PAUSE_S
    monkeypatch.setattr(memory, "_next", time.monotonic())
    client.get("/pengaduan")
    assert len(given) == 2
