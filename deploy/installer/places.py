"""Where everything lies on the server."""

from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent.parent  # the tree this file is of
OPT = Path("/opt/pst")
VERSIONS = OPT / "versions"
CURRENT = OPT / "current"
DATA = Path("/var/lib/pst")
ETC = Path("/etc/pst")
SETTINGS = ETC / "pst.env"
ANSWERS = ETC / "answers"
CERTIFICATES = ETC / "tls"
BACKUP_KEY = ETC / "backup-key.txt"
RUN = Path("/run/pst")
HOLD = RUN / "hold"  # while it is there, the web server waits before it starts
WEB_SOCKET = RUN / "web.sock"
REDIS_SOCKET = Path("/run/pst-redis/redis.sock")
UNITS = Path("/etc/systemd/system")
JOURNAL = Path("/etc/systemd/journald.conf.d/pst.conf")
COMMAND = Path("/usr/local/bin/pst")
PIP_CACHE = Path("/var/cache/pst/pip")
WHEELS = Path("/var/cache/pst/wheels")  # what the last release archive brought along
CHALLENGES = Path("/var/lib/pst-acme")  # what an ACME server asks to see
USER = "pst"
