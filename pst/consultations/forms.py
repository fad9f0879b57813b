"""What users and officers type into consultations."""

import secrets
from typing import Any

from flask import request
from wtforms import BooleanField, HiddenField, SelectField, TextAreaField
from wtforms.validators import ValidationError

from pst.consultations.models import Category
from pst.fields import FORM_KEY_LENGTH, BaseForm, Required, area_field, text_field
from pst.options import choices

UNCHOSEN = ("", "Pilih…")


def new_key() -> str:
    """Make the key that lets a form be sent twice without being taken twice."""
    return secrets.token_urlsafe(15)


class KeyedForm(BaseForm):
    """A form that may be sent again after a dropped answer."""

    key = HiddenField(default=new_key)

    def validate_key(self, field: HiddenField) -> None:
        # A key that is no key of ours is replaced: the worst that can follow is a
        # second message, never an answer that belongs to another.
        if not field.data or len(field.data) > FORM_KEY_LENGTH:
            field.data = new_key()


class MessageForm(KeyedForm):
    body: TextAreaField = area_field("Pesan", Required())


class AnswerForm(MessageForm):
    """An officer's message; without `interim` it waits for the user."""

    interim = BooleanField("Jawaban sementara: saya masih akan menyusulkan jawaban")


class NoteForm(KeyedForm):
    body: TextAreaField = area_field("Catatan internal", Required())


class QuestionForm(KeyedForm):
    body: TextAreaField = area_field("Pertanyaan kepada pengguna", Required())


class TransferForm(BaseForm):
    officer = SelectField("Petugas", coerce=str)
    note: TextAreaField = area_field("Catatan untuk petugas itu", most=2000)


def _select(label: str, name: str) -> SelectField:
    return SelectField(
        label,
        choices=[UNCHOSEN, *choices(name)],
        validate_choice=False,
        filters=[lambda code: code if code in dict(choices(name)) else ""],
    )


class RequestForm(KeyedForm):
    """What every kind of consultation asks."""

    subject = text_field("Subjek", Required())
    description: TextAreaField = area_field("Uraian", Required())
    asked: tuple[str, ...] = ()

    def details(self) -> dict[str, Any]:
        """What this kind asked beyond subject and description."""
        return {name: self[name].data for name in self.asked if self[name].data}


class DataForm(RequestForm):
    area = text_field("Wilayah", Required())
    level = _select("Tingkat wilayah", "levels")
    period = _select("Periode", "periods")
    years = text_field("Tahun", Required(), most=60)
    purpose = _select("Tujuan penggunaan", "purposes")
    asked = ("area", "level", "period", "years", "purpose")

    def validate_years(self, field: Any) -> None:
        if not any(character.isdigit() for character in field.data or ""):
            raise ValidationError("Tulis tahun dengan angka, misalnya 2020–2025.")


class MetadataForm(RequestForm):
    concept = text_field("Konsep atau variabel", Required())
    purpose = _select("Tujuan penggunaan", "purposes")
    asked = ("concept", "purpose")


class RecommendationForm(RequestForm):
    institution = text_field("Instansi penyelenggara", Required())
    title = text_field("Judul kegiatan", Required())
    population = text_field("Populasi", Required())
    schedule = text_field("Jadwal", Required())
    asked = ("institution", "title", "population", "schedule")


class ClassificationForm(RequestForm):
    activity: TextAreaField = area_field("Kegiatan atau produk", Required(), most=2000)
    purpose = _select("Tujuan penggunaan", "purposes")
    asked = ("activity", "purpose")


FORMS: dict[Category, type[RequestForm]] = {
    Category.DATA: DataForm,
    Category.METADATA: MetadataForm,
    Category.RECOMMENDATION: RecommendationForm,
    Category.CLASSIFICATION: ClassificationForm,
}


def chosen_category() -> Category | None:
    """Tell which kind the address asks for; None when it names none of ours."""
    try:
        return Category(request.args.get("jenis", ""))
    except ValueError:
        return None
