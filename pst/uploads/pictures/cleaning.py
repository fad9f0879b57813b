"""Leave out where and with what a picture was made, and draw its preview.

Part by part, without unpacking it: what is seen stays as it was, to the last pixel.
Only which side is up is written again. The program may take only so much memory and
time, so that a picture made to fill the memory ends this program and no other.
"""

import contextlib
import resource
import struct
import sys
from io import BytesIO

from PIL import Image

from .jpeg import clean_jpeg
from .parts import ORIENTATION, Broken, TooLarge
from .png import clean_png
from .webp import clean_webp

MEMORY_BYTES = 260_000_000
TIME_S = 10
PREVIEW_PIXELS = 320
PREVIEW_BYTES = 20_000
BROKEN, TOO_LARGE = 2, 3
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
CLEANERS = {
    "png": (clean_png, "PNG"),
    "jpg": (clean_jpeg, "JPEG"),
    "webp": (clean_webp, "WEBP"),
}


def main() -> None:
    limit()
    format, content = sys.argv[1], sys.stdin.buffer.read()
    try:
        picture, preview = clean(format, content)
    except (TooLarge, MemoryError):
        sys.exit(TOO_LARGE)
    except Exception as error:
        # The name alone: a message may quote the picture.
        print(type(error).__name__, file=sys.stderr)
        sys.exit(BROKEN)
    sys.stdout.buffer.write(struct.pack(">Q", len(picture)) + picture + preview)


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
    picture = clean_one(content, upright) if upright in TURNS else bare
    with Image.open(BytesIO(bare), formats=[name]) as image:
        if image.getexif() or getattr(image, "text", None) or "xmp" in image.info:
            raise Broken
        # What has 16 bits a pixel cannot be made smaller in two steps.
        gap = None if image.mode.startswith("I") else 2.0
        image.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS), reducing_gap=gap)
        small = image.transpose(TURNS[upright]) if upright in TURNS else image
        return picture, drawn(small)


def orientation(content: bytes, name: str) -> int:
    """Return which side is up; 1, as it lies, if that is unknown or unreadable."""
    try:
        with Image.open(BytesIO(content), formats=[name]) as image:
            number = image.getexif().get(ORIENTATION, 1)
    except Exception:
        return 1
    return number if isinstance(number, int) else 1


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
