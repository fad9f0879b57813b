"""What `tests.forking` loads once, in the process that the service is forked from."""

import gc
import importlib
import tempfile

from sqlalchemy.orm import configure_mappers

import pst
from pst import config
from pst.accounts import passwords
from tests import built_once
from tests.processes import _die_with_parent

_die_with_parent()
for name in (*pst.BLUEPRINTS, "pst.cli", "pst.timetable", "granian.cli", "rq.cron"):
    importlib.import_module(name)
configure_mappers()
built_once.share()
# Only tests of one process hash at little cost: here they log in as people do.
passwords.HASHER = built_once.SERVERS_HASHER
passwords.ANY_HASH = built_once.SERVERS_HASH
with tempfile.TemporaryDirectory() as folder:  # of an application that no one asks
    pst.create_app(config.load({"PST_DATA_DIR": folder, "PST_TESTING": "1"}))
gc.collect()
gc.freeze()  # what the collector marks would not be shared any more
