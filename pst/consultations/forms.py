"""What users and officers type into consultations."""

import secrets
from datetime import date
from enum import StrEnum
from typing import Any

from flask import request
from limits import parse_many
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from pst import keys
from pst.accounts.attempts import Counter, guesses
from pst.accounts.users import User
from pst.consultations.attachments import Attachment, Refused, Stored, store
from pst.consultations.composing import FIELDS
from pst.consultations.formats import Busy, Costly
from pst.consultations.kinds import shown_name
from pst.consultations.models import Consultation
from pst.consultations.states import Category, LateReason
from pst.consultations.worklist import Filters, Section
from pst.database import db
from pst.fields import (
    FORM_KEY_LENGTH,
    UNPRESSED,
    BaseForm,
    Pressed,
    Required,
    area_field,
    text_field,
)
from pst.office import settings
from pst.options import choices
from pst.placeholders import KnownPlaces, NothingUnfilled

UNCHOSEN = ("", "Pilih…")
MOST_ATTACHMENTS = 10
TOO_MANY = f"Paling banyak {MOST_ATTACHMENTS} berkas sekali kirim."
GONE = (
    "Ada lampiran yang tidak lagi tersimpan di server. Batalkan lampiran itu, pilih"
    " lagi berkasnya, lalu kirim."
)


def new_key() -> str:
    """Make the key that lets a form be sent twice without being taken twice."""
    return secrets.token_urlsafe(15)


# After so many files that took all there is for one, the next of that person wait.
MOST_COSTLY = parse_many("2/10 minutes")
AFTER_COSTLY = (
    "Gambar yang Anda kirim tadi terlalu berat untuk diperiksa. Tunggu sepuluh menit,"
    " lalu unggah gambar yang lebih kecil."
)


class KeyedForm(BaseForm):
    """A form that may be sent again after a dropped answer."""

    key = HiddenField(default=new_key)

    def validate_key(self, field: HiddenField) -> None:
        # A key that is no key of ours is replaced: the worst that can follow is a
        # second message, never an answer that belongs to another.
        if not field.data or len(field.data) > FORM_KEY_LENGTH:
            field.data = new_key()


class MessageForm(KeyedForm):
    """A message, with files sent along or uploaded before."""

    body: TextAreaField = area_field("Pesan")
    files = MultipleFileField("Lampiran")
    taken: list[Attachment] = []
    stored: list[Stored] = []

    def take(self, consultation: Consultation, writer: User) -> bool:
        """Validate, find or store the attachments; False when something is wrong."""
        ids = [int(i) for i in request.form.getlist("attachment") if is_id(i)]
        files = self.chosen_files
        good = self.validate()
        if len(ids) + len(files) > MOST_ATTACHMENTS:
            self.files.errors = [TOO_MANY]
            return False
        if not (self.body.data or ids or files):
            self.body.errors = ["Pesan wajib diisi."]
            return False
        if not good:
            if files:
                names = ", ".join(str(file.filename) for file in files)
                self.files.errors = [f"Pilih lagi berkasnya sebelum mengirim. {names}"]
            return False
        consultation_id, key = consultation.id, self.key.data or new_key()
        if not self.store_chosen(writer):
            return False
        uploaded = Attachment.uploaded(ids, consultation_id, writer)
        if len(uploaded) < len(set(ids)):
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

    @property
    def what_is_taken(self) -> str:
        return what_is_taken()

    @property
    def chosen_files(self) -> list[FileStorage]:
        """The files that came with a plain form."""
        return [file for file in request.files.getlist("files") if file.filename]

    def store_chosen(self, writer: User) -> bool:
        """Store the files of a plain form; False, with the reason, when refused.

        That is before the transaction goes on: reading and writing them is slow.
        """
        try:
            self.stored = store_files(self.chosen_files, writer)
        except Refused as error:
            again = " Pilih lagi semua berkasnya." if len(self.chosen_files) > 1 else ""
            self.files.errors = [f"{error}{again}"]
            return False
        return True


def is_id(text: str) -> bool:
    """Say whether `text` can be the number of a row."""
    return text.isascii() and text.isdecimal() and len(text) <= 18


def store_files(files: list[FileStorage], uploader: User) -> list[Stored]:
    """Store uploaded files with no transaction open; raise `Refused`."""
    if not files:
        return []
    if len(files) > MOST_ATTACHMENTS:
        raise Refused(TOO_MANY)
    if not Attachment.has_room_for(uploader):
        raise Refused("Berkas yang Anda kirim hari ini sudah banyak. Lanjutkan besok.")
    office = settings.current()
    allowed = set(office.attachment_formats.split())
    sender, most = str(uploader.id), office.attachment_mb * 1_000_000
    db.session.rollback()
    costly: list[Counter] = [(MOST_COSTLY, ("costly files", sender))]
    if guesses().peek(costly):
        raise Busy(AFTER_COSTLY)
    try:
        return [_stored(file, most, allowed, sender) for file in files]
    except Costly:
        guesses().take(costly)
        raise


def _stored(file: FileStorage, most: int, allowed: set[str], sender: str) -> Stored:
    """Store one file; a refusal says which it was, what is taken, and the way out."""
    name = file.filename or ""
    try:
        return store(file.stream, name, most, allowed, sender)
    except (Busy, Costly):
        raise
    except Refused as error:
        raise Refused(f"{shown_name(name)}: {error} {what_is_taken()}") from error


def what_is_taken() -> str:
    """Say which files a message may bring along, and what to do with others."""
    office = settings.current()
    kinds = ", ".join(office.attachment_formats.upper().split())
    return (
        f"Yang diterima: {kinds}, paling besar {office.attachment_mb} MB. Ubah foto"
        " jenis lain (misalnya HEIC) menjadi JPG, dan dokumen lain menjadi PDF."
    )


class Then(StrEnum):
    """What an officer wants to happen with an answer; the button that was pressed."""

    WAIT = "tunggu"
    FINAL = "final"
    CLOSE = "tutup"
    INTERIM = "sementara"
    # The buttons of a page without scripts.
    CANNED = "templat"
    DRAFT = "draf"


class SeenForm(BaseForm):
    """A form that tells what its writer had seen when sending it."""

    seen = HiddenField()

    @property
    def seen_id(self) -> int | None:
        """The newest entry that stood on the page; None when the page did not say."""
        text = self.seen.data or ""
        return int(text) if is_id(text) else None


class AnswerForm(SeenForm, MessageForm):
    """An officer's message, and what is to happen with it."""

    then = Pressed(set(Then), name="aksi")
    canned = SelectField("Templat", name="templat", validate_choice=False)

    def validate_body(self, field: TextAreaField) -> None:
        NothingUnfilled(FIELDS)(self, field)

    def refuse_unpressed(self, writer: User) -> None:
        """Say that no button came along; what did come is kept."""
        if self.store_chosen(writer):
            self.body.errors = [UNPRESSED]

    @property
    def chosen(self) -> Then | None:
        """What the pressed button says; None when the browser did not send it."""
        text = self.then.data
        return Then(text) if text in set(Then) else None

    @property
    def canned_id(self) -> int:
        text = self.canned.data or ""
        return int(text) if is_id(text) else 0


class CannedForm(BaseForm):
    title = text_field("Judul", Required(), most=80)
    body: TextAreaField = area_field("Isi", Required(), KnownPlaces(FIELDS), most=5000)
    shared = BooleanField("Dipakai bersama semua petugas")


class NoteForm(KeyedForm):
    body: TextAreaField = area_field("Catatan internal", Required())


class QuestionForm(SeenForm, KeyedForm):
    body: TextAreaField = area_field(
        "Pertanyaan kepada pengguna", Required(), NothingUnfilled(FIELDS)
    )


class TransferForm(BaseForm):
    officer = SelectField("Petugas", coerce=str)
    note: TextAreaField = area_field("Catatan untuk petugas itu", most=2000)


class LateForm(BaseForm):
    """Why it was late; the words for the reasons are in the template."""

    reason = SelectField("Alasan", choices=[(r.value, r.value) for r in LateReason])
    note: TextAreaField = area_field("Keterangan", most=300)


class ClosingForm(SeenForm, LateForm):
    """What is asked when a consultation is closed; what is not owed is left out."""

    alasan = HiddenField()  # what it is closed for
    same_as = RadioField(
        "Konsultasi yang sama",
        [Required()],
        choices=(),
        invalid_choice_message="Pilih konsultasi lain dari pengguna ini.",
    )
    unanswered: TextAreaField = area_field(
        "Penjelasan kepada pengguna", Required(), NothingUnfilled(FIELDS), most=1000
    )

    def offer(self, others: list[Consultation]) -> None:
        """Let the officer choose of which of `others` it is a duplicate."""
        self.same_as.choices = [
            (each.number, f"{each.number} · {each.subject}") for each in others
        ]


class SilastikForm(BaseForm):
    silastik = text_field("Nomor Silastik", most=40)


class DutyForm(BaseForm):
    """Days on which an officer is away, or on duty after all."""

    officer = SelectField("Petugas", coerce=str)
    first = DateField("Dari")
    last = DateField("Sampai")
    note = text_field("Keterangan", most=120)
    serves = SelectField("Keadaan", choices=["", "ya"], validate_choice=False)

    def validate_last(self, field: Any) -> None:
        self.first.errors, field.errors = [], []
        if not (_reasonable(self.first.data) and _reasonable(field.data)):
            raise ValidationError("Isi kedua tanggal.")
        if field.data < self.first.data:
            raise ValidationError("Tanggal akhir harus sesudah tanggal awal.")


class HandOverForm(BaseForm):
    giver = SelectField("Pekerjaan", coerce=str)
    officer = SelectField("Serahkan kepada", coerce=str)
    note: TextAreaField = area_field("Catatan", most=2000)


class FilterForm(BaseForm):
    """What of the work list is shown; a value that is none of ours filters nothing."""

    jenis = SelectField("Jenis", validate_choice=False)
    petugas = SelectField("Petugas", validate_choice=False)
    keadaan = SelectField("Keadaan", validate_choice=False)
    dari = DateField("Diajukan dari")
    sampai = DateField("sampai")

    def filters(self) -> Filters:
        officer = str(self.petugas.data or "")
        category, section = self.jenis.data, self.keadaan.data
        return Filters(
            category=Category(category) if category in set(Category) else None,
            officer_id=int(officer) if is_id(officer) else None,
            section=Section(section) if section in set(Section) else None,
            since=_reasonable(self.dari.data),
            until=_reasonable(self.sampai.data),
        )


def _reasonable(day: date | None) -> date | None:
    """Leave out dates that no moment can be made of."""
    return day if day and 1990 <= day.year <= 2100 else None


def select_field(label: str, name: str) -> SelectField:
    return SelectField(
        label,
        choices=[UNCHOSEN, *choices(name)],
        validate_choice=False,
        filters=[lambda code: code if code in dict(choices(name)) else ""],
    )


class ReplyForm(KeyedForm):
    body: TextAreaField = area_field("Pesan", Required())


class RequestForm(KeyedForm):
    """What every kind of consultation asks."""

    subject = text_field("Subjek", Required())
    description: TextAreaField = area_field("Uraian", Required())
    press = Pressed(("ajukan",), name="aksi")
    asked: tuple[str, ...] = ()

    def details(self) -> dict[str, Any]:
        """What this kind asked beyond subject and description."""
        return {name: self[name].data for name in self.asked if self[name].data}

    def file(
        self,
        user: User,
        category: Category,
        key: str | None,
        previous: Consultation | None,
    ) -> Consultation:
        """File the request, or find what was filed with `key`."""
        return Consultation.ask(
            user,
            category,
            self.subject.data or "",
            self.description.data or "",
            details=self.details(),
            key=key,
            previous=previous,
        )

    def key_of_another(self, category: Category) -> str:
        """Make the key of a request that came with the key of another."""
        words = (self.subject.data, self.description.data, self.details())
        return keys.with_content(self.key.data or "", category, *words)

    def differs_from(self, filed: Consultation, category: Category) -> bool:
        """Say whether a repeat of what was filed brings other words."""
        now = (category, self.subject.data, self.description.data, self.details())
        return now != (filed.category, filed.subject, filed.description, filed.details)

    def add_to(self, filed: Consultation, user: User, changes: str) -> None:
        """Keep what was changed between the first sending and this, as a message."""
        filed.say(user, changes, key=keys.with_content(self.key.data or "", changes))


class DataForm(RequestForm):
    area = text_field("Wilayah", Required())
    level = select_field("Tingkat wilayah", "levels")
    period = select_field("Periode", "periods")
    years = text_field("Tahun", Required(), most=60)
    purpose = select_field("Tujuan penggunaan", "purposes")
    asked = ("area", "level", "period", "years", "purpose")

    def validate_years(self, field: Any) -> None:
        if not any(character.isdigit() for character in field.data or ""):
            raise ValidationError("Tulis tahun dengan angka, misalnya 2020–2025.")


class MetadataForm(RequestForm):
    concept = text_field("Konsep atau variabel", Required())
    purpose = select_field("Tujuan penggunaan", "purposes")
    asked = ("concept", "purpose")


class RecommendationForm(RequestForm):
    institution = text_field("Instansi penyelenggara", Required())
    title = text_field("Judul kegiatan", Required())
    population = text_field("Populasi", Required())
    schedule = text_field("Jadwal", Required())
    asked = ("institution", "title", "population", "schedule")


class ClassificationForm(RequestForm):
    activity: TextAreaField = area_field("Kegiatan atau produk", Required(), most=2000)
    purpose = select_field("Tujuan penggunaan", "purposes")
    asked = ("activity", "purpose")


FORMS: dict[Category, type[RequestForm]] = {
    Category.DATA: DataForm,
    Category.METADATA: MetadataForm,
    Category.RECOMMENDATION: RecommendationForm,
    Category.CLASSIFICATION: ClassificationForm,
}


def chosen_category() -> Category | None:
    """Return the kind that a button or the address asks for; None if it is not ours.

    Text browsers send a button to its form's address: the button names the kind too.
    """
    for text in (request.form.get("ganti"), request.args.get("jenis")):
        if text in set(Category):
            return Category(text)
    return None
