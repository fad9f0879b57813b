"""PNG (RFC 2083): parts with a name, whose case says whether it may be left out."""

import struct
import zlib
from collections.abc import Iterator

from .parts import TURNED, Broken, exif, few, refuse_large

# Parts that say how a picture looks; every other is left out.
PNG_PARTS = (
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"tRNS",
    b"cHRM",
    b"gAMA",
    b"iCCP",
    b"sBIT",
    b"sRGB",
    b"cICP",
    b"bKGD",
    b"hIST",
    b"pHYs",
    b"sPLT",
    b"acTL",
    b"fcTL",
    b"fdAT",
)


def clean_png(content: bytes, upright: int) -> bytes:
    out = bytearray(content[:8])
    for name, part in few(png_parts(content)):
        if name == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", part[8:18])
            bytes_each = 4 if colour in (2, 4, 6) else 2 if depth == 16 else 1
            refuse_large(width, height, width * height * bytes_each)
        if name in PNG_PARTS:
            out += part
        if name == b"IHDR" and upright in TURNED:
            chunk = b"eXIf" + exif(upright)
            out += struct.pack(">I", len(chunk) - 4) + chunk
            out += struct.pack(">I", zlib.crc32(chunk))
    return bytes(out)


def png_parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    name = b""
    while name != b"IEND":
        if at + 12 > len(content):
            raise Broken
        end = at + 12 + int.from_bytes(content[at : at + 4])
        name = content[at + 4 : at + 8]
        if end > len(content) or (at == 8) != (name == b"IHDR"):
            raise Broken
        yield name, content[at:end]
        at = end
