"""Every setting of the server, read from the environment once and checked at start.

What the office decides (hours, thresholds, names) is not here but in
`office/office_settings.py`, where an admin changes it on a screen.
"""

import os
import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from redis.backoff import NoBackoff
from redis.retry import Retry

from pst.server import config_values
from pst.server.config_values import BadSetting
from pst.server.copy_config import CopyTarget, copy_target
from pst.server.file_place import FilePlace, file_place
from pst.server.mail_config import (
    BounceMailbox,
    MailAccount,
    bounce_address,
    bounce_mailbox,
    mail_server,
)
from pst.server.outward_config import Outward, base_address, outward
from pst.server.sign_on_config import SignOn, sign_on

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
VERSION: str = PROJECT["version"]
# An installed version also has a number of its build (deploy/installer/release.py).
_BUILD = ROOT / "BUILD"
BUILD: str = _BUILD.read_text().strip() if _BUILD.exists() else VERSION
USUAL_PORT = 8000
WEBAPI = "https://webapi.bps.go.id/v1/api"
MAX_REQUEST_BYTES = 64 * 1024 * 1024
COMPRESSION = {
    "COMPRESS_ALGORITHM": ["br", "gzip"],
    "COMPRESS_BR_LEVEL": 5,
    "COMPRESS_MIN_SIZE": 400,
    "COMPRESS_STREAMS": False,
    # Pages carry nothing to compare; what does, compares by itself.
    "COMPRESS_EVALUATE_CONDITIONAL_REQUEST": False,
    "COMPRESS_MIMETYPES": [
        "text/html",
        "text/plain",
        "text/csv",
        "application/json",
        "image/svg+xml",
    ],
}


@dataclass(frozen=True)
class Config:
    """The checked settings of one process."""

    # Where the web server listens: this machine alone, unless a proxy is elsewhere.
    host: str
    port: int
    # How many web processes; None: what `pst/server/process_sizing.py` chooses.
    web_processes: int | None
    data_dir: Path
    database_url: str = field(repr=False)  # it may hold a password
    redis_url: str | None = field(repr=False)
    mail: MailAccount | None
    mail_from: str | None
    bounce_mailbox: BounceMailbox | None
    # Where mails come back to; a `*` in it becomes the mark of each mail.
    bounce_address: str | None
    secret_key: str = field(repr=False)
    base_url: str
    demo: bool
    testing: bool
    clock_file: Path | None
    # The keys that seal the audit trail, the newest first; no backup holds one.
    audit_keys: tuple[str, ...] = field(repr=False)
    # The virus scanner that checks files: a path of a socket, or host:port.
    clamd: str | None
    # How calls leave this machine.
    outward: Outward
    # The organisation that staff log in with.
    sign_on: SignOn | None
    # Where Statistics Indonesia answers machines; a test names a server of its own.
    webapi_url: str
    backup_dir: Path
    backup_copy_dir: Path | None
    # The public key that encrypts backups, as `age1…`; its secret key lies elsewhere.
    backup_recipient: str | None
    # Where changes are copied to within a minute; None: nowhere.
    copy: CopyTarget | None = None
    # Where files are kept; None: in `data_dir`.
    files: FilePlace | None = None

    @property
    def is_tls(self) -> bool:
        return self.base_url.startswith("https://")

    def for_flask(self) -> dict[str, object]:
        """Return the settings under the names that Flask and its extensions read."""
        return {
            "PST": self,
            "SECRET_KEY": self.secret_key,
            "TESTING": self.testing,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "MAX_CONTENT_LENGTH": MAX_REQUEST_BYTES,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
            # A form may lie open for days on a bad link; its token lives as long
            # as the session it is bound to.
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_SSL_STRICT": False,
            "WTF_CSRF_HEADERS": ["X-CSRFToken"],
            **self._cookies(),
            **self._rate_limits(),
            **COMPRESSION,
        }

    def _cookies(self) -> dict[str, object]:
        prefix = "__Host-" if self.is_tls else ""
        # Browsers keep cookies by host, not by port: two services on one machine
        # would log each other out.
        port = urlsplit(self.base_url).port
        mark = "" if port in (None, 80, 443, USUAL_PORT) else f"_{port}"
        return {
            "LOGIN_COOKIE": f"{prefix}pst_l{mark}",
            "SESSION_COOKIE_NAME": f"{prefix}pst_s{mark}",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.is_tls,
            # Set once, not with every answer; it outlives the longest log-in, so
            # that a form sent after the log-in ended is still recognized as ours.
            "SESSION_REFRESH_EACH_REQUEST": False,
            "PERMANENT_SESSION_LIFETIME": timedelta(days=60),
        }

    def _rate_limits(self) -> dict[str, object]:
        return {
            "RATELIMIT_STORAGE_URI": _for_limits(self.redis_url),
            "RATELIMIT_STORAGE_OPTIONS": _patience(self.redis_url),
            "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
            "RATELIMIT_STRATEGY": "fixed-window",
            "RATELIMIT_HEADERS_ENABLED": False,
        }


def load(environ: dict[str, str] | None = None) -> Config:
    """Read the settings; raise `BadSetting` with a sentence about the first bad one."""
    env = environ if environ is not None else environment()
    config_values.refuse_unknown(env)
    port = config_values.port(env.get("PST_PORT") or str(USUAL_PORT))
    data_dir = Path(env.get("PST_DATA_DIR") or ROOT / "instance").resolve()
    config_values.make_writable(data_dir)
    mailbox = bounce_mailbox(env.get("PST_BOUNCE_URL"))
    return Config(
        host=config_values.host(env.get("PST_HOST") or "127.0.0.1"),
        port=port,
        web_processes=config_values.web_processes(env.get("PST_WEB_PROCESSES")),
        data_dir=data_dir,
        database_url=config_values.database_url(env.get("PST_DATABASE_URL"), data_dir),
        redis_url=config_values.redis_url(env.get("PST_REDIS_URL")),
        mail=mail_server(env.get("PST_MAIL_URL")),
        mail_from=env.get("PST_MAIL_FROM") or None,
        bounce_mailbox=mailbox,
        bounce_address=bounce_address(env.get("PST_BOUNCE_ADDRESS"), mailbox),
        secret_key=config_values.secret_key(env.get("PST_SECRET_KEY"), data_dir),
        base_url=_base_url(env.get("PST_BASE_URL") or f"http://127.0.0.1:{port}"),
        demo=env.get("PST_DEMO") == "1",
        audit_keys=config_values.audit_keys(env.get("PST_AUDIT_KEY") or ""),
        clamd=config_values.clamd(env.get("PST_CLAMD")),
        outward=outward(env.get("PST_OUTWARD_PROXY"), env.get("PST_OUTWARD_PRIVATE")),
        sign_on=sign_on(env),
        webapi_url=base_address("PST_WEBAPI_URL", env.get("PST_WEBAPI_URL") or WEBAPI),
        **_places(env, data_dir),
        **_for_tests(env),
    )


def _base_url(url: str) -> str:
    parts = urlsplit(url.rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise BadSetting(
            f"PST_BASE_URL must look like https://host, not {url.rstrip('/')!r}."
        )
    return url.rstrip("/")


def _for_tests(env: dict[str, str]) -> dict[str, Any]:
    is_testing = env.get("PST_TESTING") == "1"
    clock_file = env.get("PST_TEST_CLOCK")
    if clock_file and not is_testing:
        raise BadSetting("PST_TEST_CLOCK is for tests only; remove it.")
    return {
        "testing": is_testing,
        "clock_file": Path(clock_file) if clock_file else None,
    }


def _places(env: dict[str, str], data_dir: Path) -> dict[str, Any]:
    recipient = env.get("PST_BACKUP_RECIPIENT") or None
    if recipient and not recipient.startswith("age1"):
        raise BadSetting("PST_BACKUP_RECIPIENT must be a public age key, as age1…")
    copy_dir = env.get("PST_BACKUP_COPY_DIR")
    return {
        "backup_dir": Path(env.get("PST_BACKUP_DIR") or data_dir / "backups"),
        "backup_copy_dir": Path(copy_dir) if copy_dir else None,
        "backup_recipient": recipient,
        "copy": copy_target(env),
        "files": file_place(env),
    }


def environment() -> dict[str, str]:
    """Return the environment; what it leaves out is read from `.env`."""
    file = {k: v or "" for k, v in dotenv_values(ROOT / ".env").items()}
    return {**file, **os.environ}


def _for_limits(redis_url: str | None) -> str:
    """Write the address of Redis as the rate limiter names a Unix socket."""
    if redis_url is None:
        return "memory://"
    return redis_url.replace("unix://", "redis+unix://", 1)


def _patience(redis_url: str | None) -> dict[str, object]:
    """Let a request ask a Redis that hangs once, and wait half a second for it."""
    if redis_url is None:
        return {}
    once = Retry(NoBackoff(), 0)
    return {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "retry": once}
