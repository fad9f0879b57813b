"""The removal of stored files that no row names."""

from collections.abc import Collection, Iterator
from datetime import datetime

from pst.uploads.file_store import files

# Of files that no row names: more than the others, they are not forgotten uploads, but
# another office's, or those of a database that is older than the store.
MAX_UNNAMED = 100


class StrangeStore(Exception):
    """The store holds mostly files that this database does not know."""


def sweep(folder: str, before: datetime, in_use: Collection[str]) -> None:
    """Delete the files below `folder` that are not in use, and older than `before`.

    Safe during uploads: new files stay. Raises `StrangeStore`, which the health page
    shows, before it deletes most of what is there.
    """
    count = sum(1 for _ in unnamed(folder, before, in_use))
    if count > MAX_UNNAMED and count > len(in_use):
        raise StrangeStore(f"{count} files of no row; of which database?")
    for name in unnamed(folder, before, in_use):  # again: one may have been sent since
        files().delete(name)


def unnamed(folder: str, before: datetime, in_use: Collection[str]) -> Iterator[str]:
    """Yield the files that are not in use, and were put there before a moment."""
    for file in files().every(folder):
        is_old = file.put_at < before.timestamp()
        if is_old and file.name.rpartition("/")[2] not in in_use:
            yield file.name
