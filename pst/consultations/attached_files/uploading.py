"""Storing the files of a form: how many, how large, and how often."""

from functools import lru_cache

from limits import parse_many
from werkzeug.datastructures import FileStorage

from pst.accounts.log_in.throttling import Counter, guesses
from pst.accounts.users import User
from pst.consultations.attached_files.attachments import Attachment
from pst.database import db
from pst.office import settings
from pst.uploads.file_types import FileRefusal, shown_name
from pst.uploads.formats import Busy, Costly, kinds_taken
from pst.uploads.storage import StoredFile, store

MAX_ATTACHMENTS = 10


TOO_MANY = f"Paling banyak {MAX_ATTACHMENTS} berkas sekali kirim."


# After so many files that used up the time or memory for one, the user must wait.
MAX_COSTLY = parse_many("2/10 minutes")


AFTER_COSTLY = (
    "Gambar yang Anda kirim tadi terlalu berat untuk diperiksa. Tunggu sepuluh menit,"
    " lalu unggah gambar yang lebih kecil."
)


def store_files(
    files: list[FileStorage], uploader: User, *, is_listed: bool = False
) -> list[StoredFile]:
    """Store uploaded files with no transaction open.

    Raises `FileRefusal`, which names the file unless the page lists it by its name.
    """
    if not files:
        return []
    if len(files) > MAX_ATTACHMENTS:
        raise FileRefusal(TOO_MANY)
    if not Attachment.has_room_for(uploader):
        raise FileRefusal(
            "Berkas yang Anda kirim hari ini sudah banyak. Lanjutkan besok."
        )
    office = settings.current()
    formats = set(office.attachment_formats.split())
    sender, most = str(uploader.id), office.attachment_mb * 1_000_000
    db.session.rollback()
    costly: list[Counter] = [(MAX_COSTLY, ("costly files", sender))]
    if guesses().peek(costly):
        raise Busy(AFTER_COSTLY)
    try:
        return [_stored(file, most, formats, sender, is_listed) for file in files]
    except Costly:
        guesses().take(costly)
        raise


def _stored(
    file: FileStorage, most: int, formats: set[str], sender: str, is_listed: bool
) -> StoredFile:
    """Store one file; a refusal names it, the accepted types and the way out."""
    name = file.filename or ""
    try:
        return store(file.stream, name, most, formats, sender)
    except (Busy, Costly):
        raise
    except FileRefusal as error:
        which = "" if is_listed else f"{shown_name(name)}: "
        raise FileRefusal(f"{which}{error} {what_is_taken()}") from error


def accepted_endings() -> str:
    """Return the endings that a browser offers when files are chosen."""
    return _endings(settings.current().attachment_formats)


@lru_cache(maxsize=4)
def _endings(formats: str) -> str:
    return ",".join(f".{each}" for each in formats.replace("jpg", "jpg jpeg").split())


def what_is_taken() -> str:
    """Return which files this office accepts, as a sentence."""
    office = settings.current()
    kinds = ", ".join(office.attachment_formats.upper().split())
    return kinds_taken(kinds, office.attachment_mb)
