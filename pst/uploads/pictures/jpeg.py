"""JPEG (ITU T.81, annex B): segments with a marker, and scans without a length."""

import re
import struct
from collections.abc import Iterator

from .parts import TURNED, Broken, TooLarge, exif, few, refuse_large

# Each scan goes over all the pixels again; a camera writes ten at most.
MAX_SCANNED_PIXELS, MAX_SCANS = 500_000_000, 100
# Segments of applications that say how a picture looks; every other is left out.
JPEG_PARTS = {
    0xE0: b"JFIF\0",
    0xE2: b"ICC_PROFILE\0",
    0xEE: b"Adobe",
}
JPEG_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
SCAN = 0xDA
PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}
# In a scan: a marker that is neither a stuffed byte nor a restart.
MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


def clean_jpeg(content: bytes, upright: int) -> bytes:
    out = bytearray(content[:2])
    has_orientation = upright not in TURNED
    pixels = scans = 0
    for marker, part in few(jpeg_parts(content)):
        if marker in JPEG_SIZES:
            pixels = max(pixels, look_at_size(marker, part))
        scans += marker == SCAN
        if scans > MAX_SCANS or scans * pixels > MAX_SCANNED_PIXELS:
            raise TooLarge
        if not has_orientation and marker != 0xE0:
            segment = b"Exif\0\0" + exif(upright)
            out += b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment
            has_orientation = True
        if marker < 0xE0 or has_a_look(marker, part):
            out += part
    return bytes(out)


def has_a_look(marker: int, part: bytes) -> bool:
    """Return whether a segment of an application says how the picture looks."""
    begins = JPEG_PARTS.get(marker)
    return begins is not None and part[4:].startswith(begins)


def look_at_size(marker: int, part: bytes) -> int:
    """Return how many pixels there are; raise `TooLarge` when they are too many."""
    height, width, count = struct.unpack(">HHB", part[5:10])
    bytes_unpacked = 0.0
    if marker in PROGRESSIVE:  # every coefficient is kept until the last scan
        sides = [(each >> 4, each & 15) for each in part[11 : 10 + 3 * count : 3]]
        widest = max(a for a, _ in sides) * max(b for _, b in sides)
        shares = sum(a * b for a, b in sides) / widest
        bytes_unpacked = 2.0 * width * height * shares
    refuse_large(width, height, bytes_unpacked)
    return int(width * height)


def jpeg_parts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """List the segments to the end of the picture; a scan is part of its segment."""
    at, marker = 2, 0
    while marker != 0xD9:
        start = at
        if content[at : at + 1] != b"\xff":
            raise Broken
        while content[at : at + 1] == b"\xff":  # any number may stand before
            at += 1
        marker = content[at] if at < len(content) else 0
        at += 1
        if marker == 0xD9:
            yield marker, content[start:at]
            return
        length = int.from_bytes(content[at : at + 2])
        at += length
        if marker < 0xC0 or length < 2 or at > len(content):
            raise Broken
        if marker == SCAN:
            following = MARKER.search(content, at)
            if following is None:
                raise Broken
            at = following.start()
        yield marker, content[start:at]
