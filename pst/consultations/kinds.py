"""What kind of file something is, by its content; and making it harmless."""

import re
import threading
import unicodedata
import warnings
import zipfile
import zlib
from enum import StrEnum
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

PREVIEW_PIXELS = 320
PREVIEW_BYTES = 20_000
MOST_PIXELS = 50_000_000
MOST_UNPACKED_BYTES = 400_000_000
MOST_PARTS = 5_000
LONGEST_NAME = 120
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Marks that may stand before a PDF begins.
BEFORE_PDF = b"\xef\xbb\xbf \t\r\n\0"
# What runs when an Office file is opened, by the names and kinds of its parts.
RUNNING_PARTS = re.compile(
    r"vbaproject|vbadata|/macrosheets/|/activex/|^basic/|^scripts/", re.I
)
RUNNING_KINDS = re.compile(rb"macroEnabled|vbaProject|macrosheet|activeX", re.I)
# A template fetched from elsewhere brings its macros along.
FETCHED_TEMPLATE = re.compile(
    rb"attachedTemplate[^>]*Target=[\"'](?:https?:|\\\\)", re.I
)
# A sheet of Excel 4.0 macros among the sheets of an old workbook (BIFF8, BOUNDSHEET).
MACRO_SHEET = re.compile(rb"\x85\x00[\x08-\x60]\x00.{4}[\x00-\x02]\x01", re.S)
MACROS = "Berkas berisi makro. Simpan tanpa makro, lalu unggah lagi."
# Pictures are unpacked one at a time: a few large ones at once would fill the memory.
_unpacking = threading.Lock()


class Format(StrEnum):
    """A kind of file by its content; the value is its ending."""

    PDF = "pdf"
    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"
    DOCX = "docx"
    DOC = "doc"
    ODS = "ods"
    ODT = "odt"
    TXT = "txt"
    PNG = "png"
    JPG = "jpg"
    WEBP = "webp"


MEDIA_TYPES = {
    Format.PDF: "application/pdf",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.XLS: "application/vnd.ms-excel",
    Format.CSV: "text/csv",
    Format.DOCX: (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    Format.DOC: "application/msword",
    Format.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Format.ODT: "application/vnd.oasis.opendocument.text",
    Format.TXT: "text/plain",
    Format.PNG: "image/png",
    Format.JPG: "image/jpeg",
    Format.WEBP: "image/webp",
}
IMAGES = {"PNG": Format.PNG, "JPEG": Format.JPG, "WEBP": Format.WEBP}
IMAGE_NAMES = {format: name for name, format in IMAGES.items()}


class Refused(ValueError):
    """A file that is not taken; its text is shown."""


def recognise(content: bytes, name: str) -> Format:
    """Tell what kind of file `content` is; raise `Refused` when it is none of ours."""
    if content[:1024].lstrip(BEFORE_PDF).startswith(b"%PDF-"):
        return Format.PDF
    if content.startswith(OLE):
        return _recognise_ole(content)
    if content.startswith(b"PK\x03\x04"):
        return _recognise_zip(content)
    if content[:4] in (b"\x89PNG", b"RIFF") or content[:3] == b"\xff\xd8\xff":
        return _recognise_image(content)
    return _recognise_text(content, name)


def tidy_name(name: str, format: Format) -> str:
    """Make a harmless file name with the ending that belongs to the content."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if c.isprintable() and c not in '<>:"|?*;')
    stem, dot, ending = name.rpartition(".")
    stem = (stem if dot and len(ending) <= 5 else name).strip(" .")
    return f"{stem[:LONGEST_NAME] or 'berkas'}.{format.value}"


def _recognise_ole(content: bytes) -> Format:
    if "_VBA_PROJECT".encode("utf-16-le") in content or MACRO_SHEET.search(content):
        raise Refused(MACROS)
    if "WordDocument".encode("utf-16-le") in content:
        return Format.DOC
    if any(word.encode("utf-16-le") in content for word in ("Workbook", "Book")):
        return Format.XLS
    raise Refused("Jenis berkas tidak didukung.")


def _recognise_zip(content: bytes) -> Format:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if (
                len(parts) > MOST_PARTS
                or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES
            ):
                raise Refused("Berkas terlalu besar setelah dibuka.")
            mimetype = _begin(archive, "mimetype", 200)
            kinds = _begin(archive, "[Content_Types].xml")
            links = _begin(archive, "word/_rels/settings.xml.rels")
    except (
        *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError),
        *(OSError, EOFError, ValueError),
    ) as error:
        raise Refused("Berkas rusak atau terkunci kata sandi.") from error
    if any(map(RUNNING_PARTS.search, names)) or RUNNING_KINDS.search(kinds):
        raise Refused(MACROS)
    if FETCHED_TEMPLATE.search(links):
        raise Refused(
            "Berkas memakai templat dari internet. Lepaskan templatnya dahulu."
        )
    if kinds and any(name.startswith("xl/") for name in names):
        return Format.XLSX
    if kinds and any(name.startswith("word/") for name in names):
        return Format.DOCX
    for format in (Format.ODS, Format.ODT):
        if mimetype == MEDIA_TYPES[format].encode():
            return format
    raise Refused("Jenis berkas tidak didukung. Arsip ZIP tidak diterima.")


def _begin(archive: zipfile.ZipFile, name: str, most: int = 1_000_000) -> bytes:
    """Read how a part begins, never more of it; nothing when there is no such part."""
    try:
        part = archive.getinfo(name)
    except KeyError:
        return b""
    with archive.open(part) as file:
        return file.read(most)


def _open_image(content: bytes) -> Image.Image:
    """Open a picture without unpacking it; refuse one that would fill the memory."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = Image.open(BytesIO(content), formats=list(IMAGES))
        except (
            UnidentifiedImageError,
            Image.DecompressionBombError,
            Image.DecompressionBombWarning,
            OSError,
            SyntaxError,
            ValueError,
        ) as error:
            raise Refused("Gambar rusak atau tidak didukung.") from error
    if image.width * image.height > MOST_PIXELS:
        raise Refused("Gambar terlalu besar. Kecilkan ukurannya, lalu unggah lagi.")
    return image


def _recognise_image(content: bytes) -> Format:
    return IMAGES[str(_open_image(content).format)]


def _recognise_text(content: bytes, name: str) -> Format:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
        if "\ufffd" in text:
            raise Refused("Jenis berkas tidak didukung.") from None
    if any(ord(c) < 32 and c not in "\t\n\r\f" for c in text):
        raise Refused("Jenis berkas tidak didukung.")
    return Format.CSV if name.lower().endswith(".csv") else Format.TXT


def clean_image(content: bytes, format: Format) -> tuple[bytes, bytes]:
    """Take where and with what a picture was made out of it; make its preview."""
    image = _open_image(content)
    try:
        with _unpacking:
            tells_more = _tells_more(image)
            image.load()
            ImageOps.exif_transpose(image, in_place=True)
            if tells_more:
                image.info = {}
                out = BytesIO()
                options = {} if format is Format.PNG else {"quality": 92}
                image.save(out, IMAGE_NAMES[format], **options)
                content = out.getvalue()
            image.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS))
            return content, _small(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refused("Gambar rusak atau tidak didukung.") from error


def _tells_more(image: Image.Image) -> bool:
    """Say whether a picture carries more than itself: place, device, comments."""
    carried = {"exif", "xmp", "comment", "photoshop", "XML:com.adobe.xmp"}
    carried |= set(getattr(image, "text", ()))
    return bool(image.getexif()) or not carried.isdisjoint(image.info)


def _small(image: Image.Image) -> bytes:
    for quality in (60, 40, 20, 5):
        out = BytesIO()
        image.save(out, "WEBP", quality=quality, method=4)
        if out.tell() <= PREVIEW_BYTES:
            break
    return out.getvalue()
