"""What every store of files says of a file that it holds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FileInfo:
    """A file that is in the store."""

    name: str
    size: int
    put_at: float
