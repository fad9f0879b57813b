"""The forms of the officers: answers, notes, closings, duty days and filters."""

from datetime import date
from enum import StrEnum
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from pst.accounts.users import User
from pst.catalogue.models import CatalogueItem
from pst.consultations.answers import interim
from pst.consultations.answers.canned import FIELDS
from pst.consultations.desk.worklist.sections import Filters, Section
from pst.consultations.forms import KeyedForm, MessageForm, SeenForm, is_id
from pst.consultations.models import Consultation
from pst.consultations.states import Category, LateReason, Next
from pst.database import db
from pst.rules import LAST_BEFORE_FIRST
from pst.web.formats.placeholders import KnownPlaces, NothingUnfilled
from pst.web.forms.choices import choices_from
from pst.web.forms.date_fields import DayField
from pst.web.forms.fields import (
    UNPRESSED,
    BaseForm,
    Pressed,
    Required,
    area_field,
    text_field,
    tidy,
)

MAX_DATE = 40  # characters of what was written as a date
UNCHOSEN = (
    "Pilih siapa yang berikutnya: pengguna, saya, atau selesai. Tulisan Anda masih ada"
    " dan belum terkirim."
)


class Press(StrEnum):
    """The buttons of the answer form; only a page without scripts has all."""

    SEND = "kirim"
    # Sends, too; then the most urgent other conversation opens.
    ONWARD = "berikutnya"
    CANNED = "templat"
    DRAFT = "draf"
    CODE = "kode"


class AnswerForm(SeenForm, MessageForm):
    """An officer's message, and who acts next after it."""

    press = Pressed(set(Press))
    next = StringField("Siapa berikutnya", name="then", filters=[tidy])
    closes = BooleanField("Tutup konsultasi bila selesai")
    unavailable = BooleanField("Data yang diminta tidak tersedia: belum diterbitkan")
    canned = SelectField("Templat", validate_choice=False)
    interim_pattern = interim.PATTERN
    longest_interim = interim.MAX_LENGTH

    def validate_body(self, field: TextAreaField) -> None:
        NothingUnfilled(FIELDS)(self, field)

    def refuse_unpressed(self, writer: User) -> None:
        """Report that no button came with the form; its files are kept."""
        if self.store_chosen(writer):
            self.body.errors = [UNPRESSED]

    def refuse_unchosen(self, writer: User) -> None:
        """Report that no choice came, and propose one; its files are kept."""
        if self.store_chosen(writer):
            self.body.errors = self.next.errors = [UNCHOSEN]
        self.next.data = interim.proposed(self.body.data or "")

    @property
    def pressed(self) -> Press | None:
        """Return the pressed button; None when the browser did not send it."""
        text = self.press.data
        return Press(text) if text in set(Press) else None

    @property
    def choice(self) -> Next | None:
        """Return who acts next; None when the browser sent no choice."""
        text = self.next.data
        return Next(text) if text in set(Next) else None

    @property
    def is_closing(self) -> bool:
        """Return whether the consultation is to be closed with these words."""
        return self.choice is Next.DONE and self.closes.data

    def add(self, text: str) -> None:
        """Put a text below what was typed."""
        self.body.data = "\n\n".join(filter(None, (self.body.data, text)))

    @property
    def canned_id(self) -> int:
        text = self.canned.data or ""
        return int(text) if is_id(text) else 0


class CannedForm(BaseForm):
    title = text_field("Judul", Required(), most=80)
    body: TextAreaField = area_field("Isi", Required(), KnownPlaces(FIELDS), most=5000)
    shared = BooleanField("Dipakai bersama semua petugas")

    @property
    def texts(self) -> tuple[str, str]:
        """Return the title and the body."""
        return self.title.data or "", self.body.data or ""


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

    reason = SelectField("Alasan", choices=[r.value for r in LateReason])
    note: TextAreaField = area_field("Keterangan", most=300)


class ClosingForm(SeenForm, LateForm):
    """What is asked when a consultation is closed; what is not needed is left out."""

    closing_reason = HiddenField()  # The reason why it is closed.
    same_as = RadioField(
        "Konsultasi yang sama",
        [Required()],
        choices=(),
        invalid_choice_message="Pilih konsultasi lain dari pengguna ini.",
    )
    unanswered: TextAreaField = area_field(
        "Penjelasan kepada pengguna", Required(), NothingUnfilled(FIELDS), most=1000
    )

    unavailable = BooleanField("Datanya tidak tersedia: belum diterbitkan BPS")
    nearest = RadioField("Terdekat yang tersedia", choices=(), validate_choice=False)

    def suggest(self, items: list[CatalogueItem]) -> None:
        """Offer items of the catalogue, one of which the explanation may name."""
        pairs = [(str(each.id), each.title) for each in items]
        none = [("", "Tidak disebut")] if items else []
        self.nearest.choices = choices_from(pairs + none)

    @property
    def nearest_item(self) -> CatalogueItem | None:
        """The item that is to be named, if it is one that was offered."""
        choice = str(self.nearest.data or "")
        choices = {each.value for each in self.nearest.choices or ()} - {""}
        if choice not in choices:
            return None
        return db.session.get(CatalogueItem, int(choice))

    def offer(self, others: list[Consultation]) -> None:
        """Offer the `others`, one of which this is a duplicate of."""
        self.same_as.choices = choices_from(
            (each.number, f"{each.number} · {each.subject}") for each in others
        )


class SilastikForm(BaseForm):
    silastik = text_field("Nomor Silastik", most=40)


class DutyForm(BaseForm):
    """Days on which an officer is away, or on duty after all."""

    officer = SelectField("Petugas", coerce=str)
    first = DayField("Dari")
    last = DayField("Sampai")
    note = text_field("Keterangan", most=120)
    serves = SelectField("Keadaan", choices=["", "ya"], validate_choice=False)

    def validate_last(self, field: Any) -> None:
        self.first.errors, field.errors = [], []
        if not (_reasonable(self.first.data) and _reasonable(field.data)):
            raise ValidationError("Isi kedua tanggal.")
        if field.data < self.first.data:
            raise ValidationError(LAST_BEFORE_FIRST)


class HandOverForm(BaseForm):
    giver = SelectField("Pekerjaan", coerce=str)
    officer = SelectField("Serahkan kepada", coerce=str)
    note: TextAreaField = area_field("Catatan", most=2000)


class FilterForm(BaseForm):
    """The filters of the worklist; an unknown value filters nothing."""

    category = SelectField("Jenis", name="jenis", validate_choice=False)
    officer = SelectField("Petugas", name="petugas", validate_choice=False)
    section = SelectField("Keadaan", name="keadaan", validate_choice=False)
    since = DayField("Diajukan dari", name="dari")
    until = DayField("sampai", name="sampai")

    @property
    def unread_dates(self) -> tuple[tuple[str, str], ...]:
        """Return (parameter, text) of each date that cannot be read."""
        return tuple(
            (field.name, field.raw_data[0][:MAX_DATE])
            for field in (self.since, self.until)
            if field.raw_data and field.raw_data[0] and not _reasonable(field.data)
        )

    def filters(self) -> Filters:
        officer = str(self.officer.data or "")
        category, section = self.category.data, self.section.data
        return Filters(
            category=Category(category) if category in set(Category) else None,
            officer_id=int(officer) if is_id(officer) else None,
            section=Section(section) if section in set(Section) else None,
            since=_reasonable(self.since.data),
            until=_reasonable(self.until.data),
        )


def _reasonable(day: date | None) -> date | None:
    """Return the day if its year is a reasonable one, else None."""
    return day if day and 1990 <= day.year <= 2100 else None
