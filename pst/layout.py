"""How many of which process, from cores and memory; all of it is here.

`serve.py` and `bin/run` obey it, and `deploy/install` writes it into the units.

    cores  memory    web processes   workers
    1      any       1               1
    2      < 1 GB    1               1
    2-3    ≥ 1 GB    2               1
    4-     ≥ 4 GB    4               2

How many threads a web process has, its gate says (`pst/gate.py`).
One database takes one writer at a time, so more than four web processes gain nothing
(measured: `bin/bench poll`, `bin/bench send`). One scheduler and one Redis, always.
"""

import os
from dataclasses import dataclass

GB = 1024  # MB
MOST_WEB, MOST_WORKERS = 4, 2
# What systemd lets a unit have, in MB: several times what `bin/bench memory` finds, so
# that only something gone wrong meets it.
WEB_BASE, WEB_EACH = 160, 240
WORKER, SCHEDULER, REDIS = 512, 192, 128


@dataclass(frozen=True)
class Layout:
    """The processes of one server."""

    web_processes: int
    workers: int

    @property
    def memory_mb(self) -> dict[str, int]:
        """Tell the most memory each kind of unit may take, in MB."""
        return {
            "web": WEB_BASE + WEB_EACH * self.web_processes,
            "worker": WORKER,
            "scheduler": SCHEDULER,
            "redis": REDIS,
        }


def layout(cores: int, memory_mb: int) -> Layout:
    """Choose for a machine; see the table above."""
    is_large = cores >= 4 and memory_mb >= 4 * GB * 0.9  # the kernel keeps some of it
    is_tight = memory_mb < GB * 0.9
    web = MOST_WEB if is_large else 1 if is_tight else min(cores, 2)
    return Layout(
        web_processes=web,
        workers=MOST_WORKERS if is_large else 1,
    )


def here() -> Layout:
    """Choose for this machine."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return layout(len(os.sched_getaffinity(0)), pages // 1024**2)
