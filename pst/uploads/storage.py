"""Where uploaded files lie: checked by content, kept under their hash.

They lie outside the web root, the same file is kept once, and no name that a user gave
becomes a path.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask import current_app

from pst.uploads.file_types import (
    IMAGES,
    Format,
    Refused,
    clean_image,
    recognise,
    tidy_name,
)
from pst.uploads.formats import UNKNOWN
from pst.uploads.scanning import find_virus

HELD_BACK = "Berkas ini ditahan oleh pemeriksa virus.\n"


@dataclass(frozen=True)
class Stored:
    """A file that is in its place, before any row names it."""

    name: str
    format: Format
    size: int
    sha256: str
    preview_sha256: str | None
    # What the virus scanner found; then a note stands in place of the file.
    finding: str | None = None


def folder() -> Path:
    return Path(current_app.config["PST"].data_dir) / "attachments"


def path_of(sha256: str) -> Path:
    return folder() / sha256[:2] / sha256


def store(
    stream: IO[bytes], name: str, limit: int, allowed: set[str], sender: str = ""
) -> Stored:
    """Check a file by its content and put it in its place.

    `limit` is in bytes; pictures of one `sender` wait for each other. Raises `Refused`
    and then keeps nothing. Slow: never call it while a transaction is open.
    """
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise Refused(f"Berkas melebihi {limit // 1_000_000} MB.")
    if not content:
        raise Refused("Berkas kosong.")
    format = recognise(content, name)
    if format.value not in allowed:
        raise Refused(UNKNOWN)
    preview, size, finding = None, len(content), find_virus(content)
    if finding:
        content = HELD_BACK.encode()
    elif format in IMAGES:
        content, small = clean_image(content, format, sender)
        preview = _put(small)
    return Stored(
        name=tidy_name(name, format),
        format=format,
        size=size if finding else len(content),
        sha256=_put(content),
        preview_sha256=preview,
        finding=finding,
    )


def _put(content: bytes) -> str:
    """Write `content` under its hash, whole and on disk, or not at all."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if path.exists():
        os.utime(path)  # so that `sweep` finds it new
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    return sha256
