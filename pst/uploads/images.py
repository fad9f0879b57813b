"""Clean one picture and draw its preview; run as a program of its own by `kinds.py`.

Reads the picture from stdin; writes to stdout how long the cleaned one is (8 bytes),
the cleaned one, and the preview. Imports nothing of ours, so that it starts at once,
and may take only so much memory and time, so that a picture made to fill the memory
ends this program and no other.

Where and with what a picture was made is left out part by part, without unpacking it:
what is seen stays as it was, to the last pixel. Only which side is up is written again.
"""

import contextlib
import re
import resource
import struct
import sys
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TypeVar

from PIL import Image

MEMORY_BYTES = 260_000_000
TIME_S = 10
MAX_PIXELS = 50_000_000
# Each scan of a JPEG goes over all its pixels again; a camera writes ten at most.
MAX_SCANNED_PIXELS, MAX_SCANS = 500_000_000, 100
# A picture of 25 MB has some thousand parts, unless it is made to keep us busy.
MOST_PARTS = 20_000
# A web process of 400 MB (`pst/server/process_sizing.py`) has room for so much more.
MAX_UNPACKED_BYTES = 150_000_000
PREVIEW_PIXELS = 320
PREVIEW_BYTES = 20_000
BROKEN, TOO_LARGE = 2, 3
ORIENTATION = 0x0112
# What has to be done to a picture of each orientation (EXIF 2.32, 4.6.4).
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
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
WEBP_PARTS = (b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP")
WEBP_TELLS = 0x08 | 0x04  # flags of VP8X: there is EXIF, there is XMP
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


Part = TypeVar("Part")


class Broken(Exception):
    """A picture that is not what it says it is."""


class TooLarge(Exception):
    """A picture that would take more memory than there is for it."""


def main() -> None:
    limit()
    format, content = sys.argv[1], sys.stdin.buffer.read()
    try:
        cleaned, preview = clean(format, content)
    except (TooLarge, MemoryError):
        sys.exit(TOO_LARGE)
    except Exception as error:
        # The name alone: a message may quote the picture.
        print(type(error).__name__, file=sys.stderr)
        sys.exit(BROKEN)
    sys.stdout.buffer.write(struct.pack(">Q", len(cleaned)) + cleaned + preview)


def limit() -> None:
    """Take no more memory and time than a picture needs, and be the first to go."""
    limits = (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, TIME_S),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in limits:
        with contextlib.suppress(OSError, ValueError):  # a lower one is there already
            resource.setrlimit(kind, (most, most))
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    Image.MAX_IMAGE_PIXELS = None  # it is looked at here before Pillow opens it


def clean(format: str, content: bytes) -> tuple[bytes, bytes]:
    """Remove what tells more than the picture, and draw its preview."""
    clean_one, name = CLEANERS[format]
    bare = clean_one(content, 1)
    upright = orientation(content, name)
    cleaned = clean_one(content, upright) if upright in TURNS else bare
    with Image.open(BytesIO(bare), formats=[name]) as image:
        if image.getexif() or getattr(image, "text", None) or "xmp" in image.info:
            raise Broken
        # What has 16 bits a pixel cannot be made smaller in two steps.
        gap = None if image.mode.startswith("I") else 2.0
        image.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS), reducing_gap=gap)
        small = image.transpose(TURNS[upright]) if upright in TURNS else image
        return cleaned, drawn(small)


def orientation(content: bytes, name: str) -> int:
    """Return which side is up; 1, as it lies, if that is unknown or unreadable."""
    try:
        with Image.open(BytesIO(content), formats=[name]) as image:
            found = image.getexif().get(ORIENTATION, 1)
    except Exception:
        return 1
    return found if isinstance(found, int) else 1


def exif(upright: int) -> bytes:
    """Write down which side is up, and nothing else."""
    tag = struct.pack(">HHIHH", ORIENTATION, 3, 1, upright, 0)
    return b"MM\0*\0\0\0\x08\0\x01" + tag + bytes(4)


def drawn(image: Image.Image) -> bytes:
    """Write the preview in as few bytes as it takes."""
    if image.mode.startswith("I"):  # 16 bits a pixel
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    image = image.convert("RGB")
    for quality in (60, 40, 20, 5):
        out = BytesIO()
        image.save(out, "WEBP", quality=quality, method=4)
        if out.tell() <= PREVIEW_BYTES:
            break
    return out.getvalue()


def few(parts: Iterator[Part]) -> Iterator[Part]:
    """Pass `parts` on; raise `TooLarge` when there are more than any picture has."""
    for count, part in enumerate(parts):
        if count >= MOST_PARTS:
            raise TooLarge
        yield part


def refuse_large(width: int, height: int, unpacked: float) -> None:
    """Raise `TooLarge` when unpacking takes more than there is."""
    if width * height > MAX_PIXELS or unpacked > MAX_UNPACKED_BYTES:
        raise TooLarge


# PNG (RFC 2083): parts with a name, whose case says whether it may be left out.


def clean_png(content: bytes, upright: int) -> bytes:
    out = bytearray(content[:8])
    for name, part in few(png_parts(content)):
        if name == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", part[8:18])
            bytes_each = 4 if colour in (2, 4, 6) else 2 if depth == 16 else 1
            refuse_large(width, height, width * height * bytes_each)
        if name in PNG_PARTS:
            out += part
        if name == b"IHDR" and upright in TURNS:
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


# JPEG (ITU T.81, annex B): segments with a marker, and scans without a length.


def clean_jpeg(content: bytes, upright: int) -> bytes:
    out = bytearray(content[:2])
    has_orientation = upright not in TURNS
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
    unpacked = 0.0
    if marker in PROGRESSIVE:  # every coefficient is kept until the last scan
        sides = [(each >> 4, each & 15) for each in part[11 : 10 + 3 * count : 3]]
        widest = max(a for a, _ in sides) * max(b for _, b in sides)
        shares = sum(a * b for a, b in sides) / widest
        unpacked = 2.0 * width * height * shares
    refuse_large(width, height, unpacked)
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
            found = MARKER.search(content, at)
            if found is None:
                raise Broken
            at = found.start()
        yield marker, content[start:at]


# WebP (RFC 9649): parts with a name in a RIFF file.


def clean_webp(content: bytes, upright: int) -> bytes:
    out = bytearray()
    for name, part in few(webp_parts(content)):
        if name == b"VP8X":
            width, height = (
                1 + int.from_bytes(part[at : at + 3], "little") for at in (12, 15)
            )
            refuse_large(width, height, 16.0 * width * height)
            flags = part[8] & ~WEBP_TELLS | (0x08 if upright in TURNS else 0)
            part = part[:8] + bytes([flags]) + part[9:]
        elif name in (b"VP8 ", b"VP8L"):
            width, height = webp_size(name, part[8:])
            refuse_large(width, height, 16.0 * width * height)
        if name in WEBP_PARTS:
            out += part
    if upright in TURNS and out.startswith(b"VP8X"):
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


CLEANERS = {
    "png": (clean_png, "PNG"),
    "jpg": (clean_jpeg, "JPEG"),
    "webp": (clean_webp, "WEBP"),
}


if __name__ == "__main__":
    main()
