"""A copy of all that is kept about one person, as data and to be read."""

import json
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import IO, Any

import sqlalchemy as sa
from flask import render_template
from sqlalchemy.orm import selectinload

from pst import clock
from pst.accounts.consents import Consent
from pst.accounts.log_ins import LogIn
from pst.accounts.users import User
from pst.accounts.visitors import visits_of
from pst.consultations.attachments import Attachment
from pst.consultations.messages import Kind, Message
from pst.consultations.models import Consultation
from pst.consultations.reading import ReadMark
from pst.database import db
from pst.feedback import survey
from pst.feedback.follow_ups import FollowUp
from pst.feedback.models import Rating
from pst.feedback.survey_answers import SurveyAnswer
from pst.office.audit import AuditEntry
from pst.outbox.letters import without_links
from pst.outbox.models import OutboxMail

# What a row says that is an account, and a visit is none.
NOT_OF_A_VISIT = ("password_hash", "email", "active", "role")
# What carries a number that people read, in the subjects of the trail.
NUMBERED = ("consultation", "follow_up")
# How the page looks that is read without the service.
PAGE_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:60rem;margin:1rem auto;padding:0 1rem;"
    "overflow-wrap:anywhere}.text{white-space:pre-wrap}.scroll{overflow-x:auto}"
    ".pasted{overflow-wrap:normal}table{border-collapse:collapse}"
    "td{border:1px solid;padding:.2rem .5rem}.num{text-align:right}"
)
# A copy grows in memory up to here, and on disk beyond.
IN_MEMORY_BYTES = 5_000_000


@dataclass
class Copy:
    """What is kept about `person`; internal notes of the office are not theirs."""

    person: User

    @cached_property
    def visits(self) -> list[User]:
        return visits_of(self.person)

    @cached_property
    def ids(self) -> list[int]:
        """The rows that are this person: the account, and visits without it."""
        return [self.person.id, *(visit.id for visit in self.visits)]

    @cached_property
    def consultations(self) -> list[Consultation]:
        query = sa.select(Consultation).where(Consultation.user_id.in_(self.ids))
        return list(db.session.scalars(query.order_by(Consultation.id)))

    @cached_property
    def messages(self) -> dict[int, list[Message]]:
        """The entries of each consultation that its user may see."""
        query = (
            sa.select(Message)
            .options(selectinload(Message.attachments), selectinload(Message.author))
            .join(Consultation)
            .where(Consultation.user_id.in_(self.ids), Message.kind != Kind.NOTE)
            .order_by(Message.id)
        )
        found: dict[int, list[Message]] = {row.id: [] for row in self.consultations}
        for message in db.session.scalars(query):
            found[message.consultation_id].append(message)
        return found

    @cached_property
    def ratings(self) -> dict[int, Rating]:
        query = (
            sa.select(Rating)
            .join(Consultation)
            .where(Consultation.user_id.in_(self.ids))
        )
        return {row.consultation_id: row for row in db.session.scalars(query)}

    @cached_property
    def surveys(self) -> list[SurveyAnswer]:
        query = sa.select(SurveyAnswer).filter_by(user_id=self.person.id)
        return list(db.session.scalars(query.order_by(SurveyAnswer.id)))

    @cached_property
    def consents(self) -> list[Consent]:
        return Consent.history(self.person)

    @cached_property
    def log_ins(self) -> list[LogIn]:
        return LogIn.of(self.person)

    @cached_property
    def mails(self) -> list[OutboxMail]:
        query = sa.select(OutboxMail).filter_by(to_address=self.person.email)
        return list(db.session.scalars(query.order_by(OutboxMail.id)))

    @cached_property
    def traces(self) -> list[AuditEntry]:
        """What the trail says that this person did."""
        query = sa.select(AuditEntry).filter_by(actor_id=self.person.id)
        return list(db.session.scalars(query.order_by(AuditEntry.id)))

    @cached_property
    def follow_ups(self) -> list[FollowUp]:
        query = sa.select(FollowUp).where(
            FollowUp.rating_id.in_([rating.id for rating in self.ratings.values()])
        )
        return list(db.session.scalars(query.order_by(FollowUp.id)))

    @cached_property
    def read_marks(self) -> dict[int, ReadMark]:
        """How far the person has read each consultation, and when."""
        query = sa.select(ReadMark).filter_by(user_id=self.person.id)
        return {row.consultation_id: row for row in db.session.scalars(query)}

    @cached_property
    def unsent(self) -> list[Attachment]:
        """Files that were uploaded for a message not sent yet."""
        query = sa.select(Attachment).filter_by(
            uploader_id=self.person.id, message_id=None
        )
        return list(db.session.scalars(query.order_by(Attachment.id)))

    def answers(self, row: SurveyAnswer) -> list[tuple[survey.Element, str]]:
        """What was asked in a questionnaire, and the answer in its words."""
        asked = survey.questionnaire(row.version)
        scores = [(element, getattr(row, element.code)) for element in asked]
        return [(each, each.answers[score - 1]) for each, score in scores if score]

    def number_in(self, entry: AuditEntry) -> str:
        """The number that an entry is about, if people know it; none of our own ids."""
        kind, _, name = entry.subject.partition(":")
        return name if kind in NUMBERED else ""

    @property
    def attachments(self) -> list[tuple[str, Attachment]]:
        """The files, each with its place in the copy."""
        return [
            (place_of(consultation, attachment), attachment)
            for consultation in self.consultations
            for message in self.messages[consultation.id]
            for attachment in message.attachments
        ] + [(f"lampiran/belum-terkirim/{it.id}-{it.name}", it) for it in self.unsent]

    def as_data(self) -> dict[str, Any]:
        """Write everything as plain values, for a machine to read."""
        return {
            "dibuat": _moment(clock.now()),
            "akun": self._account(),
            "kunjungan": [_columns(row, *NOT_OF_A_VISIT) for row in self.visits],
            "persetujuan": [_columns(row, "user_id") for row in self.consents],
            "perangkat": [
                _columns(row, "user_id", "token_hash") for row in self.log_ins
            ],
            "konsultasi": [self._consultation(row) for row in self.consultations],
            "tindak_lanjut": [self._follow_up(row) for row in self.follow_ups],
            "survei": [_columns(row, "user_id") for row in self.surveys],
            "email": [
                {
                    "dikirim": _moment(row.sent_at or row.created_at),
                    "perihal": row.subject,
                    "isi": without_links(row.body),
                }
                for row in self.mails
            ],
            "jejak": [_columns(row, "hash") for row in self.traces],
        }

    def as_zip(self) -> IO[bytes]:
        """Pack the data, the page and the files. Slow: not within a writing view."""
        out = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES)  # noqa: SIM115  (returned)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            data = json.dumps(self.as_data(), ensure_ascii=False, indent=1)
            archive.writestr("data.json", data)
            archive.writestr(
                "data.html", render_template("personal/copy_file.html", copy=self)
            )
            archive.writestr("data.css", PAGE_STYLE)
            for place, attachment in self.attachments:
                if attachment.path.exists():
                    archive.write(attachment.path, place)
        out.seek(0)
        return out

    def _account(self) -> dict[str, Any]:
        return _columns(self.person, "password_hash")

    def _consultation(self, row: Consultation) -> dict[str, Any]:
        rating, mark = self.ratings.get(row.id), self.read_marks.get(row.id)
        return {
            **_columns(
                row,
                "user_id",
                "officer_id",
                "newest_id",
                "late_note",
                "duplicate_of_id",
            ),
            "sama_dengan": row.duplicate_of.number if row.duplicate_of else None,
            "dibaca": _columns(mark, "consultation_id", "user_id") if mark else None,
            "pesan": [self._message(row, each) for each in self.messages[row.id]],
            "penilaian": _columns(rating, "reviewed_by_id") if rating else None,
        }

    def _follow_up(self, row: FollowUp) -> dict[str, Any]:
        """What the office and the person wrote to each other about a rating."""
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

    def _message(self, consultation: Consultation, row: Message) -> dict[str, Any]:
        return {
            "waktu": _moment(row.created_at),
            "dari": row.author.name if row.author else None,
            "peristiwa": row.event.value if row.event else None,
            "isi": row.body,
            "lampiran": [place_of(consultation, each) for each in row.attachments],
        }


def place_of(consultation: Consultation, attachment: Attachment) -> str:
    return f"lampiran/{consultation.number}/{attachment.id}-{attachment.name}"


def _columns(row: Any, *without: str) -> dict[str, Any]:
    """Write the columns of a row, but those that are keys or secrets."""
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
