"""The names of the server settings, and the check of each value."""

import os
import secrets
from difflib import get_close_matches
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path

# Every setting there is; another `PST_…` in the environment is refused at start.
NAMES = (
    "PST_BASE_URL",
    "PST_HOST",
    "PST_PORT",
    "PST_WEB_PROCESSES",
    "PST_SECRET_KEY",
    "PST_DEMO",
    "PST_DATA_DIR",
    "PST_DATABASE_URL",
    "PST_FILES_URL",
    "PST_REDIS_URL",
    "PST_AUDIT_KEY",
    "PST_CLAMD",
    "PST_OUTWARD_PROXY",
    "PST_OUTWARD_PRIVATE",
    "PST_WEBAPI_URL",
    "PST_OIDC_ISSUER",
    "PST_OIDC_CLIENT_ID",
    "PST_OIDC_CLIENT_SECRET",
    "PST_OIDC_DOMAINS",
    "PST_OIDC_TWO_STEP",
    "PST_OIDC_REQUIRED",
    "PST_MAIL_URL",
    "PST_MAIL_FROM",
    "PST_BOUNCE_URL",
    "PST_BOUNCE_ADDRESS",
    "PST_BACKUP_DIR",
    "PST_BACKUP_COPY_DIR",
    "PST_BACKUP_RECIPIENT",
    "PST_COPY_URL",
    "PST_COPY_SSH",
)
NAMES_FOR_TESTS = (
    "PST_TESTING",
    "PST_TEST_CLOCK",
    "PST_TEST_PROCESSES",
    "PST_TEST_ENGINE",
    "PST_TEST_FILES",
    "PST_CHROMIUM",
    "PST_FAULT_SEED",
    "PST_FAULT_SECONDS",
)


class BadSetting(ValueError):
    """A setting that the server cannot start with; its text says what to change."""


def refuse_unknown(env: dict[str, str]) -> None:
    """Refuse a misspelt name, whose setting would silently keep its default."""
    for name in sorted(env):
        if name.startswith("PST_") and name not in (*NAMES, *NAMES_FOR_TESTS):
            near = get_close_matches(name, NAMES, 1, cutoff=0)[0]
            raise BadSetting(f"{name} is no setting. Is {near} meant? (Or remove it.)")


def audit_keys(text: str) -> tuple[str, ...]:
    """Return the keys that seal the audit trail, separated by commas."""
    keys = tuple(key.strip() for key in text.split(",") if key.strip())
    if any(len(key) < 32 for key in keys):
        raise BadSetting("PST_AUDIT_KEY must have at least 32 characters.")
    return keys


def clamd(address: str | None) -> str | None:
    """Return the address of the virus scanner: a socket, or host:port."""
    host, _, port = (address or "").rpartition(":")
    is_path = bool(address and address.startswith("/"))
    if address and not is_path and not (host and port.isdigit() and int(port) < 65536):
        raise BadSetting(f"PST_CLAMD must be /a/path or host:port, not {address!r}.")
    return address or None


def host(text: str) -> str:
    """Return the address to listen on."""
    try:
        return str(ip_address(text))
    except ValueError as error:
        raise BadSetting(
            f"PST_HOST must be an address as 127.0.0.1 or 0.0.0.0, not {text!r}."
        ) from error


def port(text: str) -> int:
    """Return the number of a TCP port."""
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise BadSetting(f"PST_PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def web_processes(text: str | None) -> int | None:
    """Return how many web processes to start; None leaves it to `process_sizing`."""
    if text and (not text.isdigit() or not 1 <= int(text) <= 32):
        raise BadSetting(
            f"PST_WEB_PROCESSES must be a number from 1 to 32, not {text!r}."
        )
    return int(text) if text else None


def make_writable(folder: Path) -> None:
    """Create `folder` where it is missing; raise `BadSetting` if it is read-only."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"PST_DATA_DIR {folder} cannot be made: {error}.") from error
    if not os.access(folder, os.W_OK):
        raise BadSetting(f"PST_DATA_DIR {folder} is not writable.")


def database_url(url: str | None, data_dir: Path) -> str:
    """Return the address of the database: by default a file in `data_dir`."""
    if not url:
        return f"sqlite:///{data_dir / 'pst.sqlite3'}"
    if url.startswith("postgresql+psycopg://"):
        if find_spec("psycopg") is None:
            raise BadSetting(
                "PST_DATABASE_URL names PostgreSQL, and its driver is not installed:"
                " pip install --requirement requirements-postgresql.lock"
            )
        return url
    if not url.startswith("sqlite:///") or url == "sqlite:///:memory:":
        raise BadSetting(
            "PST_DATABASE_URL must be sqlite:////path/to/file or"
            " postgresql+psycopg://user@host/name."
        )
    return url


def redis_url(url: str | None) -> str | None:
    """Return the address of Redis, if there is one."""
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise BadSetting(
            "PST_REDIS_URL must start with redis://, rediss:// or unix://."
        )
    return url or None


def secret_key(setting: str | None, data_dir: Path) -> str:
    """Return the key of the sessions; without one, keep a random key in a file."""
    if setting:
        if len(setting) < 32:
            raise BadSetting("PST_SECRET_KEY must have at least 32 characters.")
        return setting
    path = data_dir / "secret_key"
    try:
        # Several processes may start at once; exactly one makes the file.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)  # a copy may be readable to others
    else:
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(48))
        except OSError:  # a full disk: leave no empty secret behind
            path.unlink()
            raise
    for _ in range(100):
        if text := path.read_text().strip():
            return text
    raise BadSetting(f"{path} is empty; remove it and start again.")
