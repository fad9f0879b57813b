"""Where the continuous copy goes (`PST_COPY_URL`), in rclone's form."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pst.server.config_values import BadSetting

REMOTE = "copy"
PREFIX = f"RCLONE_CONFIG_{REMOTE.upper()}_"
FORMS = (
    "file:///mnt/folder, sftp://user@host/folder, or"
    " s3://KEY:SECRET@host/bucket/folder?region=…"
)


@dataclass(frozen=True)
class CopyTarget:
    """A place for the copy: how rclone names it, and the variables that describe it."""

    place: str
    settings: dict[str, str] = field(repr=False)
    # The folder itself, where it is mounted on this machine.
    folder: Path | None = None
    # The password of SFTP; rclone wants it in a form of its own.
    password: str | None = field(default=None, repr=False)


def copy_target(env: dict[str, str]) -> CopyTarget | None:
    """Return where `PST_COPY_URL` leads; None when it is not set."""
    url = env.get("PST_COPY_URL") or ""
    if not url:
        return None
    if not env.get("PST_BACKUP_RECIPIENT"):
        raise BadSetting(
            "PST_COPY_URL needs PST_BACKUP_RECIPIENT: what leaves this machine is"
            " encrypted for that key."
        )
    if (env.get("PST_DATABASE_URL") or "").startswith("postgresql"):
        raise BadSetting(
            "PST_COPY_URL copies SQLite; PostgreSQL has its own (archive_command)."
        )
    parts = urlsplit(url)
    if parts.scheme == "file":
        return _folder(parts)
    if parts.scheme == "sftp":
        return _sftp(parts, env.get("PST_COPY_SSH") or "")
    if parts.scheme in ("s3", "s3+http"):
        return _s3(parts)
    raise BadSetting(f"PST_COPY_URL must be {FORMS}.")


def _folder(parts: SplitResult) -> CopyTarget:
    folder = Path(unquote(parts.path))
    if parts.netloc or len(folder.parts) < 2:
        raise BadSetting("PST_COPY_URL must look like file:///mnt/folder.")
    return CopyTarget(f"{REMOTE}:{folder}", {f"{PREFIX}TYPE": "local"}, folder)


def _sftp(parts: SplitResult, ssh: str) -> CopyTarget:
    """`ssh` is a folder with `known_hosts` and, unless there is a password, a key."""
    folder = Path(ssh)
    if not parts.hostname or len(parts.path) < 2:
        raise BadSetting("PST_COPY_URL must look like sftp://user@host/folder.")
    if not ssh or not (folder / "known_hosts").is_file():
        raise BadSetting(
            "PST_COPY_SSH must name a folder with the files known_hosts and id_ed25519:"
            " without known_hosts it is not certain who is given the copy."
        )
    settings = {
        "TYPE": "sftp",
        "HOST": parts.hostname,
        "PORT": str(parts.port or 22),
        "USER": unquote(parts.username or "pst"),
        "KNOWN_HOSTS_FILE": str(folder / "known_hosts"),
        "SHELL_TYPE": "none",
        "DISABLE_HASHCHECK": "true",
    }
    if not parts.password:
        settings["KEY_FILE"] = str(folder / "id_ed25519")
    return CopyTarget(
        f"{REMOTE}:{unquote(parts.path)}",
        _prefixed(settings),
        password=unquote(parts.password) if parts.password else None,
    )


def _s3(parts: SplitResult) -> CopyTarget:
    bucket = unquote(parts.path).strip("/")
    if not (parts.hostname and parts.username and parts.password and bucket):
        raise BadSetting(
            "PST_COPY_URL must look like s3://KEY:SECRET@host/bucket/folder."
        )
    host = parts.netloc.rpartition("@")[2]
    settings = {
        "TYPE": "s3",
        "PROVIDER": "Other",
        "ENDPOINT": f"{'http' if parts.scheme == 's3+http' else 'https'}://{host}",
        "ACCESS_KEY_ID": unquote(parts.username),
        "SECRET_ACCESS_KEY": unquote(parts.password),
        "REGION": parse_qs(parts.query).get("region", [""])[0],
        "FORCE_PATH_STYLE": "true",
        "NO_CHECK_BUCKET": "true",
    }
    return CopyTarget(f"{REMOTE}:{bucket}", _prefixed(settings))


def _prefixed(settings: dict[str, str]) -> dict[str, str]:
    return {f"{PREFIX}{name}": value for name, value in settings.items()}
