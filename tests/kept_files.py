"""What the store of files holds, wherever that is."""

import hashlib

from pst.uploads.file_store import files
from pst.uploads.storage import FOLDER, name_of


def attached() -> set[bytes]:
    """Return the contents of all attachments and their previews."""
    return {files().opened(file.name).read() for file in files().every(FOLDER)}


def content_of(sha256: str | None) -> bytes:
    assert sha256 is not None
    with files().opened(name_of(sha256)) as file:
        return file.read()


def lose(content: bytes) -> None:
    """Take an attachment out of the store."""
    files().delete(name_of(hashlib.sha256(content).hexdigest()))
