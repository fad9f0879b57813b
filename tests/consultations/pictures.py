"""Pictures made for tests, whole and by hand."""

import struct
import zipfile
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


def header(width: int, height: int, depth: int = 8, colour: int = 6) -> bytes:
    return struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)


def damaged() -> dict[str, bytes]:
    """Files that end an unpacker in ways no one thinks of."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("[Content_Types].xml", "<x/>" * 50)
        made.writestr("xl/workbook.xml", "<x/>")
    lzma = out.getvalue()
    at = lzma.index(b"[Content_Types].xml") + len("[Content_Types].xml") + 12
    whole = photo()
    return {
        "colours without a list of them": png(
            (b"IHDR", header(1, 1, colour=3)),
            (b"tRNS", b"\0"),
            (b"IDAT", zlib.compress(b"\0\0")),
            (b"IEND", b""),
        ),
        "a spreadsheet packed in a way that is not used": lzma,
        "the same, damaged": lzma[:at] + b"\xff" * 8 + lzma[at + 8 :],
        "a photo cut off": whole[: len(whole) // 2],
        "a segment that is longer than all": whole[:2]
        + b"\xff\xe1\xff\xff"
        + whole[2:],
        "a photo without a picture": b"\xff\xd8\xff\xd9",
        "a part that is longer than all": png((b"IHDR", header(1, 1)))[:-8],
        "half a webp": photo("WEBP")[:50],
        "a riff that is a sound": b"RIFF\x24\0\0\0WAVEfmt ",
    }
