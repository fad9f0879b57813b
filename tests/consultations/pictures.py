"""Pictures made for tests, whole and by hand."""

import struct
import zlib
from io import BytesIO

from PIL import Image


def photo(kind: str = "JPEG", size: tuple[int, int] = (800, 600), **more: int) -> bytes:
    """A picture, half of it white, that tells who took it where, and lies on a side."""
    exif = Image.Exif()
    exif[0x010F] = "Kamera-Siti"
    exif[0x0112] = more.get("orientation", 6)
    exif.get_ifd(0x8825)[1] = "S"
    image = Image.new("RGB", size)
    image.paste("white", (0, 0, size[0] // 2, size[1]))
    out = BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def png(*parts: tuple[bytes, bytes]) -> bytes:
    out = b"\x89PNG\r\n\x1a\n"
    for name, data in parts:
        crc = struct.pack(">I", zlib.crc32(name + data))
        out += struct.pack(">I", len(data)) + name + data + crc
    return out
