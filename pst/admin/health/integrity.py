"""Whether the data are as they must be, looked at every night."""

from pst import database
from pst.search.storage import sources


class Unsound(Exception):
    """Something in the data is not as it must be; its text says what."""


def look() -> None:
    """Read everything once; raise `Unsound` at the first thing that is wrong."""
    if fault := database.engine().unsound():
        raise Unsound(fault)
    if drift := sources.drift():
        raise Unsound(f"the search index: {drift}; run: flask search reindex")
