"""How many of which process, from cores and memory; all of it is here.

`prefork.py` and `serve.py` obey it, and `deploy/install` writes it into the units.

    cores  memory    web processes   workers
    1      any       1               1
    2-     < 3 GB    1               1
    2-3    ≥ 3 GB    2               1
    4-     ≥ 4 GB    4               2

`PST_WEB_PROCESSES` decides otherwise. One process serves nearly as many idle polls and
pages as two on two cores, and takes 70 MB less (`bin/bench memory`).
How many threads a web process has, its gate says (`pst/web/load_shedding.py`).
One database takes one writer at a time, so more than four web processes gain nothing
(measured: `bin/bench poll`, `bin/bench send`). One scheduler and one Redis, always.
"""

import os
from dataclasses import dataclass, replace

GB = 1024  # MB
MAX_WEB, MAX_WORKERS = 4, 2
# What systemd lets a unit have, in MB: several times what `bin/bench memory` finds, so
# that only something gone wrong meets it.
WEB_BASE, WEB_EACH = 160, 240
WORKER, SCHEDULER, REDIS = 512, 192, 128
# What every process starts with, so that the C library gives back what Python frees:
# 112 MB for 129 after some hundred pages (`mallopt(3)`). The last 4 MB stay: Brotli
# takes one for each page that is sent, which is a fault for each 4 KB of new memory.
KEPT = str(4 * 1024 * 1024)
ALLOCATOR = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": KEPT,
    "MALLOC_MMAP_THRESHOLD_": KEPT,
}


@dataclass(frozen=True)
class Layout:
    """The processes of one server."""

    web_processes: int
    workers: int

    @property
    def memory_mb(self) -> dict[str, int]:
        """Return the most memory each kind of unit may take, in MB."""
        return {
            "web": WEB_BASE
            + WEB_EACH * self.web_processes
            + WORKER * self.workers
            + SCHEDULER,
            "worker": WORKER,
            "redis": REDIS,
        }


def layout(cores: int, memory_mb: int) -> Layout:
    """Choose for a machine; see the table above."""
    is_large = cores >= 4 and memory_mb >= 4 * GB * 0.9  # the kernel keeps some of it
    is_tight = memory_mb < 3 * GB * 0.9
    web = MAX_WEB if is_large else 1 if is_tight else min(cores, 2)
    return Layout(
        web_processes=web,
        workers=MAX_WORKERS if is_large else 1,
    )


def here(web_processes: int | None = None) -> Layout:
    """Choose for this machine, or take the number that is given."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    choice = layout(len(os.sched_getaffinity(0)), memory // 1024**2)
    return replace(choice, web_processes=web_processes) if web_processes else choice
