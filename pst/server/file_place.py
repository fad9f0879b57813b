"""Where files are kept (`PST_FILES_URL`): a folder, or a bucket that speaks S3."""

from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pst.server.config_values import BadSetting

FORMS = "file:///mnt/folder or s3://KEY:SECRET@host/bucket/folder?region=…"


@dataclass(frozen=True)
class FilePlace:
    """A place for files; a folder, or what it takes to reach a bucket."""

    folder: Path | None = None
    endpoint: str = ""
    bucket: str = ""
    prefix: str = ""
    region: str = ""
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)


def file_place(env: dict[str, str]) -> FilePlace | None:
    """Return where `PST_FILES_URL` leads; None for the folder of the data."""
    url = env.get("PST_FILES_URL") or ""
    if not url:
        return None
    if env.get("PST_COPY_URL"):
        raise BadSetting(
            "PST_COPY_URL follows the files in PST_DATA_DIR: with PST_FILES_URL their"
            " copies are the store's own matter."
        )
    return place_at(url)


def place_at(url: str) -> FilePlace:
    """Return the place that an address names; raise `BadSetting` if it names none."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return _folder(parts)
    if parts.scheme in ("s3", "s3+http"):
        return _bucket(parts)
    raise BadSetting(f"PST_FILES_URL must be {FORMS}.")


def _folder(parts: SplitResult) -> FilePlace:
    folder = Path(unquote(parts.path))
    if parts.netloc or not folder.is_dir():
        raise BadSetting(f"PST_FILES_URL: {folder} is no folder; is it mounted?")
    return FilePlace(folder)


def _bucket(parts: SplitResult) -> FilePlace:
    bucket, _, prefix = unquote(parts.path).strip("/").partition("/")
    if not (parts.hostname and parts.username and parts.password and bucket):
        raise BadSetting(f"PST_FILES_URL must be {FORMS}.")
    if find_spec("obstore") is None:
        raise BadSetting(
            "PST_FILES_URL names S3: install requirements-cluster.lock, which has"
            " obstore."
        )
    host = parts.netloc.rpartition("@")[2]
    return FilePlace(
        endpoint=f"{'http' if parts.scheme == 's3+http' else 'https'}://{host}",
        bucket=bucket,
        prefix=prefix,
        region=parse_qs(parts.query).get("region", ["us-east-1"])[0],
        key=unquote(parts.username),
        secret=unquote(parts.password),
    )
