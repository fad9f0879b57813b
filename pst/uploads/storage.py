"""Where uploaded files lie: checked by content, kept under their hash.

They lie outside the web root, the same file is kept once, and no name that a user gave
becomes a path.
"""

import hashlib
from dataclasses import dataclass
from typing import IO

from pst.uploads.file_store import files
from pst.uploads.file_types import (
    IMAGES,
    FileRefusal,
    Format,
    clean_image,
    recognise,
    tidy_name,
)
from pst.uploads.formats import UNKNOWN
from pst.uploads.scanning import find_virus

FOLDER = "attachments"
HELD_BACK = "Berkas ini ditahan oleh pemeriksa virus.\n"


@dataclass(frozen=True)
class StoredFile:
    """A file that is in its place, before any row names it."""

    name: str
    format: Format
    size: int
    sha256: str
    preview_sha256: str | None
    # What the virus scanner found; then a note stands in place of the file.
    finding: str | None = None


def name_of(sha256: str) -> str:
    """Return the name in the store of the file with a hash."""
    return f"{FOLDER}/{sha256[:2]}/{sha256}"


def store(
    stream: IO[bytes], name: str, limit: int, formats: set[str], sender: str = ""
) -> StoredFile:
    """Check a file by its content and put it in its place.

    `limit` is in bytes; pictures of one `sender` wait for each other. Raises
    `FileRefusal` and then keeps nothing. Slow: never call it inside a transaction.
    """
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise FileRefusal(f"Berkas melebihi {limit // 1_000_000} MB.")
    if not content:
        raise FileRefusal("Berkas kosong.")
    format = recognise(content, name)
    if format.value not in formats:
        raise FileRefusal(UNKNOWN)
    preview, size, finding = None, len(content), find_virus(content)
    if finding:
        content = HELD_BACK.encode()
    elif format in IMAGES:
        content, small = clean_image(content, format, sender)
        preview = keep(small)
    return StoredFile(
        name=tidy_name(name, format),
        format=format,
        size=size if finding else len(content),
        sha256=keep(content),
        preview_sha256=preview,
        finding=finding,
    )


def keep(content: bytes) -> str:
    """Keep `content` under its hash; return that."""
    sha256 = hashlib.sha256(content).hexdigest()
    files().put(name_of(sha256), content)
    return sha256
