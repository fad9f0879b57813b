"""Every setting of the server, read from the environment once and checked at start.

What the office decides (hours, thresholds, names) is not here but in
`office/settings.py`, where an admin changes it on a screen.
"""

import os
import secrets
import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from redis.backoff import NoBackoff
from redis.retry import Retry

from pst.server_url import quoted

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
VERSION: str = PROJECT["version"]
# An installed version also tells what is in it (deploy/installer/release.py).
_BUILD = ROOT / "BUILD"
BUILD: str = _BUILD.read_text().strip() if _BUILD.exists() else VERSION
MAX_REQUEST_BYTES = 64 * 1024 * 1024


# Every setting there is; another `PST_…` in the environment is refused at start.
NAMES = (
    *("PST_BASE_URL", "PST_PORT", "PST_WEB_PROCESSES", "PST_SECRET_KEY", "PST_DEMO"),
    *("PST_DATA_DIR", "PST_DATABASE_URL", "PST_REDIS_URL"),
    *("PST_AUDIT_KEY", "PST_CLAMD"),
    *("PST_MAIL_URL", "PST_MAIL_FROM", "PST_BOUNCE_URL", "PST_BOUNCE_ADDRESS"),
    *("PST_BACKUP_DIR", "PST_BACKUP_COPY_DIR", "PST_BACKUP_RECIPIENT"),
)
NAMES_FOR_TESTS = (
    *("PST_TESTING", "PST_TEST_CLOCK", "PST_TEST_PROCESSES", "PST_CHROMIUM"),
    *("PST_FAULT_SEED", "PST_FAULT_SECONDS"),
)


class BadSetting(ValueError):
    """A setting that the server cannot start with; its text says what to change."""


@dataclass(frozen=True)
class Mail:
    """Where mail is handed over; from `PST_MAIL_URL`."""

    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    tls: bool
    ssl: bool


@dataclass(frozen=True)
class BounceMailbox:
    """The mailbox that mails come back to; from `PST_BOUNCE_URL`."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    ssl: bool

    @property
    def name(self) -> str:
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


@dataclass(frozen=True)
class Config:
    """The checked settings of one process."""

    port: int
    # How many web processes; None: what `pst/layout.py` chooses for the machine.
    web_processes: int | None
    data_dir: Path
    database_url: str
    redis_url: str | None = field(repr=False)
    mail: Mail | None
    mail_from: str | None
    bounce_mailbox: BounceMailbox | None
    # Where mails come back to; a `*` in it becomes the mark of each mail.
    bounce_address: str | None
    secret_key: str = field(repr=False)
    base_url: str
    demo: bool
    testing: bool
    clock_file: Path | None
    # What the audit trail is sealed with, the newest first; none is in a backup.
    audit_keys: tuple[str, ...] = field(repr=False)
    # The virus scanner that files are shown to: a path of a socket, or host:port.
    clamd: str | None
    backup_dir: Path
    backup_copy_dir: Path | None
    # Whom backups are encrypted for, as `age1…`; the key to read them lies elsewhere.
    backup_recipient: str | None

    @property
    def is_tls(self) -> bool:
        return self.base_url.startswith("https://")

    def for_flask(self) -> dict[str, object]:
        """Translate into the names that Flask and its extensions read."""
        mail = self.mail
        prefix = "__Host-" if self.is_tls else ""
        return {
            "PST": self,
            "SECRET_KEY": self.secret_key,
            "TESTING": self.testing,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "MAX_CONTENT_LENGTH": MAX_REQUEST_BYTES,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
            "SESSION_COOKIE_NAME": f"{prefix}pst_s",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.is_tls,
            # Set once, not with every answer; it outlives the longest log-in, so
            # that a form sent after it ran out is still known to be ours.
            "SESSION_REFRESH_EACH_REQUEST": False,
            "PERMANENT_SESSION_LIFETIME": timedelta(days=60),
            "LOGIN_COOKIE": f"{prefix}pst_l",
            # A form may lie open for days on a bad link; its token lives as long
            # as the session it is bound to.
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_SSL_STRICT": False,
            "WTF_CSRF_HEADERS": ["X-CSRFToken"],
            "MAIL_SERVER": mail.host if mail else "localhost",
            "MAIL_PORT": mail.port if mail else 25,
            "MAIL_USERNAME": mail.user if mail else None,
            "MAIL_PASSWORD": mail.password if mail else None,
            "MAIL_USE_TLS": bool(mail and mail.tls),
            "MAIL_USE_SSL": bool(mail and mail.ssl),
            "MAIL_SUPPRESS_SEND": False,
            "RATELIMIT_STORAGE_URI": _for_limits(self.redis_url),
            "RATELIMIT_STORAGE_OPTIONS": _patience(self.redis_url),
            "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
            "RATELIMIT_STRATEGY": "fixed-window",
            "RATELIMIT_HEADERS_ENABLED": False,
            "COMPRESS_ALGORITHM": ["br", "gzip"],
            "COMPRESS_BR_LEVEL": 5,
            "COMPRESS_MIN_SIZE": 400,
            "COMPRESS_STREAMS": False,
            "COMPRESS_MIMETYPES": [
                "text/html",
                "text/plain",
                "text/csv",
                "application/json",
                "image/svg+xml",
            ],
        }


def load(environ: dict[str, str] | None = None) -> Config:
    """Read the settings; raise `BadSetting` with a sentence about the first bad one."""
    env = environ if environ is not None else environment()
    _refuse_unknown(env)
    port = _port(env.get("PST_PORT") or "8000")
    data_dir = Path(env.get("PST_DATA_DIR") or ROOT / "instance").resolve()
    _make_writable(data_dir)
    testing = env.get("PST_TESTING") == "1"
    clock_file = env.get("PST_TEST_CLOCK")
    if clock_file and not testing:
        raise BadSetting("PST_TEST_CLOCK is for tests only; remove it.")
    base_url = (env.get("PST_BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    if (
        urlsplit(base_url).scheme not in ("http", "https")
        or not urlsplit(base_url).netloc
    ):
        raise BadSetting(f"PST_BASE_URL must look like https://host, not {base_url!r}.")
    return Config(
        port=port,
        web_processes=_web_processes(env.get("PST_WEB_PROCESSES")),
        data_dir=data_dir,
        database_url=_database(env.get("PST_DATABASE_URL"), data_dir),
        redis_url=_redis(env.get("PST_REDIS_URL")),
        mail=_mail(env.get("PST_MAIL_URL")),
        mail_from=env.get("PST_MAIL_FROM") or None,
        secret_key=_secret(env.get("PST_SECRET_KEY"), data_dir),
        base_url=base_url,
        demo=env.get("PST_DEMO") == "1",
        testing=testing,
        clock_file=Path(clock_file) if clock_file else None,
        audit_keys=_audit_keys(env.get("PST_AUDIT_KEY") or ""),
        clamd=_clamd(env.get("PST_CLAMD")),
        **_backup(env, data_dir),
        **_bounces(env),
    )


def _audit_keys(text: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    if any(len(key) < 32 for key in keys):
        raise BadSetting("PST_AUDIT_KEY must have at least 32 characters.")
    return keys


def _clamd(address: str | None) -> str | None:
    host, _, port = (address or "").rpartition(":")
    is_path = bool(address and address.startswith("/"))
    if address and not is_path and not (host and port.isdigit() and int(port) < 65536):
        raise BadSetting(f"PST_CLAMD must be /a/path or host:port, not {address!r}.")
    return address or None


def _refuse_unknown(env: dict[str, str]) -> None:
    """Refuse a misspelt name: it would leave its setting as it was, unseen."""
    for name in sorted(env):
        if name.startswith("PST_") and name not in (*NAMES, *NAMES_FOR_TESTS):
            near = get_close_matches(name, NAMES, 1, cutoff=0)[0]
            raise BadSetting(f"{name} is no setting. Is {near} meant? (Or remove it.)")


def _backup(env: dict[str, str], data_dir: Path) -> dict[str, Any]:
    recipient = env.get("PST_BACKUP_RECIPIENT") or None
    if recipient and not recipient.startswith("age1"):
        raise BadSetting("PST_BACKUP_RECIPIENT must be a public age key, as age1…")
    copy_dir = env.get("PST_BACKUP_COPY_DIR")
    return {
        "backup_dir": Path(env.get("PST_BACKUP_DIR") or data_dir / "backups"),
        "backup_copy_dir": Path(copy_dir) if copy_dir else None,
        "backup_recipient": recipient,
    }


def environment() -> dict[str, str]:
    """Tell the environment, over what `.env` says."""
    written = {k: v or "" for k, v in dotenv_values(ROOT / ".env").items()}
    return {**written, **os.environ}


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise BadSetting(f"PST_PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _web_processes(text: str | None) -> int | None:
    if text and (not text.isdigit() or not 1 <= int(text) <= 32):
        raise BadSetting(
            f"PST_WEB_PROCESSES must be a number from 1 to 32, not {text!r}."
        )
    return int(text) if text else None


def _make_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"PST_DATA_DIR {folder} cannot be made: {error}.") from error
    if not os.access(folder, os.W_OK):
        raise BadSetting(f"PST_DATA_DIR {folder} is not writable.")


def _database(url: str | None, data_dir: Path) -> str:
    if not url:
        return f"sqlite:///{data_dir / 'pst.sqlite3'}"
    if not url.startswith("sqlite:///") or url == "sqlite:///:memory:":
        raise BadSetting("PST_DATABASE_URL must be sqlite:////path/to/file.")
    return url


def _redis(url: str | None) -> str | None:
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise BadSetting(
            "PST_REDIS_URL must start with redis://, rediss:// or unix://."
        )
    return url or None


def _for_limits(redis_url: str | None) -> str:
    """Write the address of Redis as the rate limiter names a Unix socket."""
    if redis_url is None:
        return "memory://"
    return redis_url.replace("unix://", "redis+unix://", 1)


def _patience(redis_url: str | None) -> dict[str, object]:
    """Have a request ask a Redis that hangs once, and wait half a second for it."""
    if redis_url is None:
        return {}
    once = Retry(NoBackoff(), 0)
    return {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "retry": once}


def _mail(url: str | None) -> Mail | None:
    if not url:
        return None
    parts = urlsplit(quoted(url))
    try:
        port = parts.port
    except ValueError as error:
        raise BadSetting("PST_MAIL_URL has a port that is no number.") from error
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise BadSetting(
            "PST_MAIL_URL must look like smtp://user:password@host:587 or smtps://…"
        )
    ssl = parts.scheme == "smtps"
    return Mail(
        host=parts.hostname,
        port=port or (465 if ssl else 25),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        # A password is never sent in the clear: with one, STARTTLS is required.
        tls=not ssl and parts.password is not None,
        ssl=ssl,
    )


def _bounces(env: dict[str, str]) -> dict[str, Any]:
    """Read where mails come back to; by default the address that the mailbox has."""
    mailbox = _bounce_mailbox(env.get("PST_BOUNCE_URL"))
    address = env.get("PST_BOUNCE_ADDRESS") or None
    if mailbox and not address:
        local, at, domain = mailbox.user.rpartition("@")
        if not at:
            raise BadSetting(
                "PST_BOUNCE_ADDRESS must say which address PST_BOUNCE_URL reads,"
                " as bounces+*@host."
            )
        address = f"{local}+*@{domain}"
    local, at, domain = (address or "").rpartition("@")
    # A mark takes up to 34 characters of the 64 that a local part may have.
    if address and (not local or "." not in domain or len(local) > 30):
        raise BadSetting(
            f"PST_BOUNCE_ADDRESS must look like bounces+*@host, not {address!r}."
        )
    return {"bounce_mailbox": mailbox, "bounce_address": address}


def _bounce_mailbox(url: str | None) -> BounceMailbox | None:
    if not url:
        return None
    parts = urlsplit(quoted(url))
    try:
        port = parts.port
    except ValueError as error:
        raise BadSetting("PST_BOUNCE_URL has a port that is no number.") from error
    is_near = parts.scheme == "imap" and parts.hostname in ("127.0.0.1", "localhost")
    if not (parts.scheme == "imaps" or is_near) or not parts.username:
        # A password is never sent in the clear, but to a server on this machine.
        raise BadSetting(
            "PST_BOUNCE_URL must look like imaps://user:password@host/INBOX"
        )
    return BounceMailbox(
        host=parts.hostname or "",
        port=port or (143 if is_near else 993),
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        ssl=not is_near,
    )


def _secret(given: str | None, data_dir: Path) -> str:
    if given:
        if len(given) < 32:
            raise BadSetting("PST_SECRET_KEY must have at least 32 characters.")
        return given
    path = data_dir / "secret_key"
    try:
        # Several processes may start at once; exactly one makes the file.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)  # copied about, it may have become readable to others
    else:
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(48))
        except OSError:  # a full disk: leave no empty secret behind
            path.unlink()
            raise
    for _ in range(100):
        if written := path.read_text().strip():
            return written
    raise BadSetting(f"{path} is empty; remove it and start again.")
