"""What pictures of every kind are made of, and how much of it is taken."""

import struct
from collections.abc import Iterator
from typing import TypeVar

MAX_PIXELS = 50_000_000
# A picture of 25 MB has some thousand parts, unless it is made to keep us busy.
MAX_PARTS = 20_000
# A web process of 400 MB (`pst/server/process_sizing.py`) has room for so much more.
MAX_UNPACKED_BYTES = 150_000_000
ORIENTATION = 0x0112
# The orientations that ask for turning; 1 is as it lies (EXIF 2.32, 4.6.4).
TURNED = range(2, 9)

Part = TypeVar("Part")


class Broken(Exception):
    """A picture that is not what it says it is."""


class TooLarge(Exception):
    """A picture that would take more memory than there is for it."""


def exif(upright: int) -> bytes:
    """Write down which side is up, and nothing else."""
    tag = struct.pack(">HHIHH", ORIENTATION, 3, 1, upright, 0)
    return b"MM\0*\0\0\0\x08\0\x01" + tag + bytes(4)


def few(parts: Iterator[Part]) -> Iterator[Part]:
    """Pass `parts` on; raise `TooLarge` when there are more than any picture has."""
    for count, part in enumerate(parts):
        if count >= MAX_PARTS:
            raise TooLarge
        yield part


def refuse_large(width: int, height: int, unpacked: float) -> None:
    """Raise `TooLarge` when unpacking takes more than there is."""
    if width * height > MAX_PIXELS or unpacked > MAX_UNPACKED_BYTES:
        raise TooLarge
