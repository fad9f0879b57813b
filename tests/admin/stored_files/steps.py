"""What tests of stored attachments look at and do."""

from dataclasses import replace
from pathlib import Path

from flask import Flask, current_app

from pst.admin.backups import stored_files
from pst.config import Config
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.models import Consultation
from pst.database import transaction
from pst.uploads import storage
from pst.uploads.file_types import Format
from pst.uploads.storage import StoredFile
from tests.kept_files import attached

TEXTS = (b"%PDF-1.7 satu", b"%PDF-1.7 dua")


def attach(consultation: Consultation, text: bytes) -> None:
    """Keep a file that a row of the consultation speaks of."""
    sha256 = storage.keep(text)
    file = StoredFile(
        f"{text.decode().split()[-1]}.pdf", Format.PDF, len(text), sha256, None
    )
    with transaction():
        Attachment.keep(
            file,
            consultation_id=consultation.id,
            uploader=consultation.user,
            key=sha256,
        )


def stored_in(folder: Path) -> list[Path]:
    return [path for _, path in stored_files.every(folder)]


def contents(app: Flask) -> set[bytes]:
    with app.app_context():
        return attached()


def clear(config: Config) -> Config:
    current_app.config["PST"] = replace(config, backup_recipient=None)
    found: Config = current_app.config["PST"]
    return found
