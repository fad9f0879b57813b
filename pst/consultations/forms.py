"""The forms in which a message is written, with its files and its key."""

import secrets
from functools import cached_property

from flask import request
from werkzeug.datastructures import FileStorage
from wtforms import (
    HiddenField,
    MultipleFileField,
    TextAreaField,
)

from pst.accounts.users import User
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.attached_files.uploading import (
    MAX_ATTACHMENTS,
    TOO_MANY,
    accepted_endings,
    store_files,
    what_is_taken,
)
from pst.consultations.models import Consultation
from pst.uploads.file_types import FileRefusal
from pst.uploads.storage import StoredFile
from pst.web.forms.fields import FORM_KEY_LENGTH, BaseForm, Required, area_field
from pst.web.once import blank

GONE = (
    "Ada lampiran yang tidak lagi tersimpan di server. Batalkan lampiran itu, pilih"
    " lagi berkasnya, lalu kirim."
)


def new_key() -> str:
    """Return a key by which a form that is sent twice is stored once."""
    return secrets.token_urlsafe(15)


class KeyedForm(BaseForm):
    """A form that may be sent again after a dropped answer."""

    key = HiddenField(default=new_key)

    def validate_key(self, field: HiddenField) -> None:
        # A key that is not ours is replaced: at worst a message is stored twice, and
        # no one gets an answer that belongs to another.
        if not field.data or len(field.data) > FORM_KEY_LENGTH:
            field.data = new_key()


class MessageForm(KeyedForm):
    """A message, with files sent along or uploaded before."""

    body: TextAreaField = area_field("Pesan")
    files = MultipleFileField("Lampiran")
    quoted = HiddenField()
    taken: list[Attachment] = []
    stored: list[StoredFile] = []

    @staticmethod
    def to_fill(quoted: str | None) -> "MessageForm":
        """Return the form of a page on which no one has written yet."""
        if quoted:
            return MessageForm(formdata=None, quoted=quoted)
        return blank(MessageForm)

    def take(self, consultation: Consultation, writer: User) -> bool:
        """Validate, find or store the attachments; return False after an error."""
        if not self.is_complete:
            return False
        consultation_id, key = consultation.id, self.key.data or new_key()
        if not self.store_chosen(writer):
            return False
        uploaded = Attachment.uploaded(self.uploaded_ids, consultation_id, writer)
        if len(uploaded) < len(set(self.uploaded_ids)):
            self.files.errors = [GONE]
            return False
        self.taken = uploaded + [
            Attachment.keep(
                each,
                consultation_id=consultation_id,
                uploader=writer,
                key=f"{key}:{place}",
            )
            for place, each in enumerate(self.stored)
        ]
        return True

    @cached_property
    def is_complete(self) -> bool:
        """Return whether the words and the number of files are right."""
        ids, files, is_valid = self.uploaded_ids, self.chosen_files, self.validate()
        if len(ids) + len(files) > MAX_ATTACHMENTS:
            self.files.errors = [TOO_MANY]
            return False
        if not (self.body.data or ids or files):
            self.body.errors = ["Pesan wajib diisi."]
            return False
        if not is_valid and files:
            names = ", ".join(str(file.filename) for file in files)
            self.files.errors = [f"Pilih lagi berkasnya sebelum mengirim. {names}"]
        return is_valid

    @property
    def quoted_id(self) -> int | None:
        """Return the message that this one answers, if any."""
        text = self.quoted.data or ""
        return int(text) if is_id(text) else None

    @property
    def what_is_taken(self) -> str:
        return what_is_taken()

    @property
    def accepted_endings(self) -> str:
        return accepted_endings()

    @property
    def uploaded_ids(self) -> list[int]:
        """Return the files that were uploaded before."""
        return [int(id) for id in request.form.getlist("attachment") if is_id(id)]

    @property
    def chosen_files(self) -> list[FileStorage]:
        """Return the files that came with a plain form."""
        return [file for file in request.files.getlist("files") if file.filename]

    def store_chosen(self, writer: User) -> bool:
        """Store the files of a plain form; return False, with an error, if refused.

        No transaction is open then, as reading and writing them is slow.
        """
        try:
            self.stored = store_files(self.chosen_files, writer)
        except FileRefusal as error:
            again = " Pilih lagi semua berkasnya." if len(self.chosen_files) > 1 else ""
            self.files.errors = [f"{error}{again}"]
            return False
        return True


def is_id(text: str) -> bool:
    """Return whether `text` can be the id of a row."""
    return text.isascii() and text.isdecimal() and len(text) <= 18


class CorrectionForm(BaseForm):
    body: TextAreaField = area_field("Pesan", Required())


class ReplyForm(KeyedForm):
    body: TextAreaField = area_field("Pesan", Required())


class SeenForm(BaseForm):
    """A form that carries the newest entry its writer had on the page."""

    seen = HiddenField()

    @property
    def seen_id(self) -> int | None:
        """Return the newest entry of the page; None when the page did not send it."""
        text = self.seen.data or ""
        return int(text) if is_id(text) else None
