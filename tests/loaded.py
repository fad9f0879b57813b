"""What `tests.forking` loads once, in the process that the service is forked from."""

import gc
import importlib

import pst
from tests.processes import _die_with_parent

_die_with_parent()
for name in (*pst.BLUEPRINTS, "pst.cli", "pst.timetable", "granian.cli", "rq.cron"):
    importlib.import_module(name)
gc.collect()
gc.freeze()  # what the collector marks would not be shared any more
