"""The kinds of files that a conversation takes, and how one is refused."""

from enum import StrEnum


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
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
MACROS = "Berkas berisi makro. Simpan tanpa makro, lalu unggah lagi."
FETCHES = (
    "Berkas mengambil isi dari luar berkas (templat, gambar, buku kerja lain,"
    " atau sambungan data). Putuskan tautannya, lalu unggah lagi."
)
DAMAGED = "Berkas rusak atau terkunci kata sandi."
UNKNOWN = "Jenis berkas tidak didukung."
TOO_LARGE_UNPACKED = "Berkas terlalu besar setelah dibuka."


def kinds_taken(kinds: str, megabytes: int) -> str:
    """Return which files are accepted, and what to do with others, as a sentence."""
    return (
        f"Yang diterima: {kinds}, paling besar {megabytes} MB. Ubah foto jenis lain"
        " (misalnya HEIC) menjadi JPG, dan dokumen lain menjadi PDF."
    )


class FileRefusal(ValueError):
    """A file that is not taken; its text is shown."""


class Costly(FileRefusal):
    """A file that took all the time or memory there is for one."""


class Busy(FileRefusal):
    """A file that could not be looked at now, and may be tried again."""


class Away(Busy):
    """What looks at files or keeps them is away; none of them is at fault."""


class StoreAway(Away):
    """The store of files does not answer, or refuses; its text is shown."""

    def __init__(self) -> None:
        super().__init__(
            "Penyimpanan berkas sedang tidak menjawab. Coba lagi beberapa menit lagi."
        )
