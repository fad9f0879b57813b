"""Where everything of one office lies on the server.

A run of the installer is about one office. The first has no name; each further one is
called by `--office NAME`, which `deploy/run.py` puts into the environment before this
is read. The versions of the program, nginx and the packages are for all of them.
"""

import os
from pathlib import Path

from deploy.installer.office_name import VARIABLE

SOURCE = Path(__file__).resolve().parent.parent.parent  # the tree this file is of
IS_CHOSEN = VARIABLE in os.environ
OFFICE = os.environ.get(VARIABLE, "")
NAME = f"pst-{OFFICE}" if OFFICE else "pst"  # of its user and its folders
INSTANCE = f"@{OFFICE}" if OFFICE else ""  # in the names of its units

OPT = Path("/opt/pst")
VERSIONS = OPT / "versions"
CURRENT = OPT / (f"current-{OFFICE}" if OFFICE else "current")
DATA = Path("/var/lib") / NAME
ETC = Path("/etc") / NAME
SETTINGS = ETC / "pst.env"
ANSWERS = ETC / "answers"
CERTIFICATES = ETC / "tls"
BACKUP_KEY = ETC / "backup-key.txt"
RUN = Path("/run") / NAME
HOLD = RUN / "hold"  # while it is there, the web server waits before it starts
WEB_SOCKET = RUN / "web.sock"
REDIS_RUN = f"pst-redis-{OFFICE}" if OFFICE else "pst-redis"
REDIS_SOCKET = Path("/run") / REDIS_RUN / "redis.sock"
UNITS = Path("/etc/systemd/system")
JOURNAL = Path("/etc/systemd/journald.conf.d/pst.conf")
COMMAND = Path("/usr/local/bin") / NAME
PIP_CACHE = Path("/var/cache/pst/pip")
WHEELS = Path("/var/cache/pst/wheels")  # what the last release archive brought along
CHALLENGES = Path("/var/lib/pst-acme")  # what an ACME server asks to see
USER = NAME
