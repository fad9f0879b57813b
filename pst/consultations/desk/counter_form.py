"""The short form of what was asked at the counter, by telephone, letter or WhatsApp."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional, StopValidation, ValidationError

from pst import clock
from pst.consultations.answers.canned import FIELDS
from pst.consultations.filing.request_forms import select_field
from pst.consultations.forms import KeyedForm
from pst.consultations.states import Category, Channel
from pst.office import settings
from pst.web.formats.placeholders import NothingUnfilled
from pst.web.forms.fields import EmailAddress, Required, area_field, text_field, tidy

LOCAL = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
OFFLINE = [channel for channel in Channel if channel is not Channel.ONLINE]
LIVE = (Channel.COUNTER, Channel.PHONE)
NO_MOMENT, NOT_YET = "Isi tanggal dan jamnya.", "Waktunya belum tiba."
MAX_AGE = timedelta(days=366)
MAX_VISIT_LENGTH = 600


class CounterOutcome(StrEnum):
    """What became of a question that an officer writes down."""

    ANSWERED = "dijawab"
    MINE = "saya"
    QUEUE = "antrian"


class Offered:
    """Refuse an answer that is missing, or is none of those offered."""

    def __call__(self, form: object, field: SelectField) -> None:
        if field.data not in field.choices:
            field.data = None
            raise StopValidation("Pilih salah satu.")


def one_of(label: str, choices: Sequence[str], **options: Any) -> SelectField:
    codes = [str(each) for each in choices]
    return SelectField(
        label, [Offered()], choices=codes, validate_choice=False, **options
    )


class RecordForm(KeyedForm):
    """A request made at the counter, by telephone, letter or WhatsApp."""

    channel = one_of("Saluran", OFFLINE)
    category = one_of("Jenis konsultasi", list(Category))
    subject = text_field("Subjek", Required())
    question: TextAreaField = area_field("Pertanyaan")
    area = text_field("Wilayah")
    answer: TextAreaField = area_field(
        "Jawaban yang diberikan", NothingUnfilled(FIELDS)
    )
    outcome = one_of(
        "Hasil", list(CounterOutcome), default=CounterOutcome.ANSWERED.value
    )
    flagged = BooleanField("Tandai untuk indeks")
    asked_at = DateTimeLocalField("Waktu", format=LOCAL)
    answered_at = DateTimeLocalField("Waktu dijawab", format=LOCAL)
    minutes = IntegerField("Lama (menit)", [Optional()])
    name = text_field("Nama")
    institution_kind = select_field("Kategori instansi", "institution_kinds")
    institution = text_field("Instansi")
    occupation = select_field("Pekerjaan", "occupations")
    phone = text_field("Telepon atau kontak lain", most=40)
    email = StringField("Email", [Optional(), EmailAddress()], filters=[tidy])

    def now(self) -> datetime:
        """Return the current minute in local time."""
        local = clock.now().astimezone(settings.current().zone)
        return local.replace(second=0, microsecond=0, tzinfo=None)

    def visitor(self) -> dict[str, Any]:
        """Return the personal data of the visitor."""
        names = ("name", "institution_kind", "institution", "occupation", "phone")
        answers = {name: self[name].data or None for name in names}
        # An empty field is no address: no mail may be sent to it.
        reachable_at = self.email.data or None
        return {**answers, "name": answers["name"] or "", "reachable_at": reachable_at}

    @property
    def is_live(self) -> bool:
        """Return whether the answer was given during the visit or call itself."""
        return self.channel.data in LIVE

    @property
    def answered(self) -> datetime | None:
        """Return when a letter was answered; None for a visit or a call."""
        if self.is_live or self.answered_at.data is None:
            return None
        return self.answered_at.data.replace(tzinfo=settings.current().zone)

    def validate_answer(self, field: TextAreaField) -> None:
        if not field.data and self.outcome.data == CounterOutcome.ANSWERED:
            raise ValidationError("Tulis jawabannya, atau pilih hasil yang lain.")
        if field.data and self.outcome.data == CounterOutcome.QUEUE:
            raise ValidationError(
                "Yang masuk antrian belum dijawab. Pilih “Saya lanjutkan”, atau"
                " pindahkan tulisan ini ke pertanyaan."
            )

    def validate_asked_at(self, field: DateTimeLocalField) -> None:
        field.errors = []
        if field.data is None:
            raise ValidationError(NO_MOMENT)
        ago = self.now() - field.data
        if ago < timedelta(0):
            raise ValidationError(NOT_YET)
        if ago > MAX_AGE:
            raise ValidationError("Paling lama satu tahun yang lalu.")

    def validate_answered_at(self, field: DateTimeLocalField) -> None:
        is_unreadable, field.errors = bool(field.process_errors), []
        if self.is_live or not self.answer.data:
            return
        if is_unreadable:
            raise ValidationError(NO_MOMENT)
        field.data = field.data or self.now()
        if field.data > self.now():
            raise ValidationError(NOT_YET)
        if self.asked_at.data and field.data < self.asked_at.data:
            raise ValidationError("Jawaban tidak mungkin mendahului pertanyaannya.")

    def validate_minutes(self, field: IntegerField) -> None:
        is_wrong = bool(field.process_errors)
        field.errors = []
        if is_wrong or (field.data or 0) not in range(MAX_VISIT_LENGTH + 1):
            raise ValidationError(f"Isi 0 sampai {MAX_VISIT_LENGTH} menit.")
        took, asked_at = timedelta(minutes=field.data or 0), self.asked_at.data
        if self.is_live and asked_at and asked_at <= self.now() < asked_at + took:
            raise ValidationError(
                "Waktu ditambah lamanya melewati saat ini. Bila baru saja selesai,"
                f" mulainya pukul {self.now() - took:%H.%M}."
            )
