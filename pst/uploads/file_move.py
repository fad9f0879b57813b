"""Move the files of an office to another store: every one, compared by its hash.

Cut off, it goes on with those that are not there yet. The old store is only read.
"""

import hashlib
from collections.abc import Callable, Iterable

from pst.uploads.file_store import FileStore


class CannotMoveFiles(Exception):
    """Files that did not arrive as they were; its text names the first."""


def move_files(
    source: FileStore,
    target: FileStore,
    folders: Iterable[str],
    tell: Callable[[str], None],
) -> int:
    """Copy what the target lacks, compare everything; return how many files it has."""
    total = 0
    for folder in folders:
        there = {file.name: file.size for file in target.every(folder)}
        for file in source.every(folder):
            if there.get(file.name) != file.size:
                target.delete(file.name)
                target.put(file.name, _content(source, file.name))
                tell(f"{file.name} …")
            _compare(source, target, file.name)
            total += 1
    return total


def _content(store: FileStore, name: str) -> bytes:
    with store.opened(name) as file:
        return file.read()


def _compare(source: FileStore, target: FileStore, name: str) -> None:
    if _hash(source, name) != _hash(target, name):
        raise CannotMoveFiles(f"{name} is not there as it was; begin again.")


def _hash(store: FileStore, name: str) -> bytes:
    with store.opened(name) as file:
        return hashlib.file_digest(file, "sha256").digest()
