"""A person's copy as a file: data for machines, a page to read, and attachments."""

import json
import shutil
import tempfile
import zipfile
from contextlib import suppress
from datetime import datetime
from typing import IO, Any

from flask import render_template

from pst import clock
from pst.consultations.messages import Message
from pst.consultations.models import Consultation
from pst.feedback.follow_ups.models import FollowUp
from pst.outbox.message.mail_parts import without_links
from pst.personal_data.copy import Copy, place_of
from pst.uploads.file_store import files

# The columns of an account that mean nothing for a visit.
NOT_OF_A_VISIT = ("password_hash", "email", "active", "role")
# The style of the page, which is read without the service.
PAGE_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:60rem;margin:1rem auto;padding:0 1rem;"
    "overflow-wrap:anywhere}.text{white-space:pre-wrap}.scroll{overflow-x:auto}"
    ".pasted{overflow-wrap:normal}table{border-collapse:collapse}"
    "td{border:1px solid;padding:.2rem .5rem}.num{text-align:right}"
)
# What opens or ends a log-in, here and at the organisation's provider.
NOT_OF_A_LOG_IN = ("user_id", "token_hash", "provider_session", "leave_url")
# What lets a notice be sealed for a browser.
NOT_OF_A_DEVICE = ("user_id", "endpoint", "public_key", "secret")
# A copy larger than this is written to disk.
IN_MEMORY_BYTES = 5_000_000


def as_data(copy: Copy) -> dict[str, Any]:
    """Return everything as plain values, for a machine to read."""
    return {
        "dibuat": _moment(clock.now()),
        "akun": _columns(copy.person, "password_hash"),
        "kunjungan": [_columns(row, *NOT_OF_A_VISIT) for row in copy.visits],
        "persetujuan": [_columns(row, "user_id") for row in copy.consents],
        "perangkat": [_columns(row, *NOT_OF_A_LOG_IN) for row in copy.log_ins],
        "pemberitahuan": [_columns(row, *NOT_OF_A_DEVICE) for row in copy.devices],
        "konsultasi": [_consultation(copy, row) for row in copy.consultations],
        "belum_diajukan": [
            _columns(row, "user_id", "registration_id", "network", "key")
            for row in copy.unfiled
        ],
        "tindak_lanjut": [_follow_up(row) for row in copy.follow_ups],
        "survei": [_columns(row, "user_id") for row in copy.surveys],
        "email": [
            {
                "dikirim": _moment(row.sent_at or row.created_at),
                "perihal": row.subject,
                "isi": without_links(row.body),
            }
            for row in copy.mails
        ],
        "jejak": [_columns(row, "hash") for row in copy.traces],
    }


def as_zip(copy: Copy) -> IO[bytes]:
    """Pack the data, the page and the files; slow, so not for a view that writes."""
    out = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115  (returned)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        data = json.dumps(as_data(copy), ensure_ascii=False, indent=1)
        archive.writestr("data.json", data)
        archive.writestr(
            "data.html", render_template("personal_data/copy_file.html", copy=copy)
        )
        archive.writestr("data.css", PAGE_STYLE)
        for place, attachment in copy.attachments:
            with suppress(FileNotFoundError):
                _pack(archive, place, attachment.file_name)
    out.seek(0)
    return out


def _pack(archive: zipfile.ZipFile, place: str, name: str) -> None:
    with files().opened(name) as source, archive.open(place, "w") as target:
        shutil.copyfileobj(source, target)


def _consultation(copy: Copy, row: Consultation) -> dict[str, Any]:
    rating, mark = copy.ratings.get(row.id), copy.read_marks.get(row.id)
    return {
        **_columns(
            row,
            "user_id",
            "officer_id",
            "newest_id",
            "duplicate_of_id",
        ),
        "sama_dengan": row.duplicate_of.number if row.duplicate_of else None,
        "dibaca": _columns(mark, "consultation_id", "user_id") if mark else None,
        "pesan": [_message(row, message) for message in copy.messages[row.id]],
        "penilaian": _columns(rating, "reviewed_by_id") if rating else None,
    }


def _follow_up(row: FollowUp) -> dict[str, Any]:
    """Return what the office and the person wrote to each other about a rating."""
    return {
        "nomor": row.number,
        "dibuka": _moment(row.opened_at),
        "selesai": _moment(row.closed_at) if row.closed_at else None,
        "surat": [
            {
                "waktu": _moment(entry.created_at),
                "dari": entry.author.name if entry.author else None,
                "isi": entry.body,
            }
            for entry in row.letters
        ],
    }


def _message(consultation: Consultation, row: Message) -> dict[str, Any]:
    return {
        "waktu": _moment(row.created_at),
        "dari": row.author.name if row.author else None,
        "peristiwa": row.event.value if row.event else None,
        "isi": row.body,
        "lampiran": [place_of(consultation, each) for each in row.attachments],
    }


def _columns(row: Any, *without: str) -> dict[str, Any]:
    """Return the columns of a row, without those named: keys and secrets."""
    return {
        name: _plain(getattr(row, name))
        for name in row.__mapper__.column_attrs.keys()  # noqa: SIM118  (no mapping)
        if name not in without
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return _moment(value)
    return value


def _moment(value: datetime) -> str:
    return value.isoformat(timespec="seconds")
