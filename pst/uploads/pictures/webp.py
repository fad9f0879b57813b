"""WebP (RFC 9649): parts with a name in a RIFF file."""

import struct
from collections.abc import Iterator

from .parts import TURNED, Broken, exif, few, refuse_large

# Parts that say how a picture looks; every other is left out.
WEBP_PARTS = (b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP")
WEBP_TELLS = 0x08 | 0x04  # flags of VP8X: there is EXIF, there is XMP


def clean_webp(content: bytes, upright: int) -> bytes:
    out = bytearray()
    for name, part in few(webp_parts(content)):
        if name == b"VP8X":
            width, height = (
                1 + int.from_bytes(part[at : at + 3], "little") for at in (12, 15)
            )
            refuse_large(width, height, 16.0 * width * height)
            flags = part[8] & ~WEBP_TELLS | (0x08 if upright in TURNED else 0)
            part = part[:8] + bytes([flags]) + part[9:]
        elif name in (b"VP8 ", b"VP8L"):
            width, height = webp_size(name, part[8:])
            refuse_large(width, height, 16.0 * width * height)
        if name in WEBP_PARTS:
            out += part
    if upright in TURNED and out.startswith(b"VP8X"):
        chunk = exif(upright)
        out += b"EXIF" + struct.pack("<I", len(chunk)) + chunk
    return b"RIFF" + struct.pack("<I", len(out) + 4) + b"WEBP" + out


def webp_parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, last = 12, 8 + int.from_bytes(content[4:8], "little")
    if last > len(content) or content[8:12] != b"WEBP":
        raise Broken
    while at + 8 <= last:
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        end = at + 8 + length + length % 2
        if end > last:
            raise Broken
        yield content[at : at + 4], content[at:end]
        at = end


def webp_size(name: bytes, data: bytes) -> tuple[int, int]:
    if name == b"VP8L":
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", data[6:10])
    return width & 0x3FFF, height & 0x3FFF
