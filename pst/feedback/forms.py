"""What users answer about the service, and what officers write about it."""

from typing import Any

from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import StopValidation, ValidationError

from pst.consultations.forms import KeyedForm, SeenForm
from pst.feedback.follow_ups.mail_templates import is_unfinished
from pst.feedback.follow_ups.models import PLACES
from pst.feedback.survey import Element
from pst.reference_lists import choices
from pst.web.formats.placeholders import KnownPlaces, NothingUnfilled
from pst.web.forms.choices import choices_from
from pst.web.forms.fields import BaseForm, Pressed, Required, area_field, text_field

COMMENT_LENGTH = 5_000
LETTER_LENGTH = 8_000


class Chosen:
    """Refuse an answer that is missing, or is none of those offered."""

    field_flags = {"required": True}

    def __call__(self, form: object, field: RadioField) -> None:
        if field.data not in {str(each.value) for each in field.iter_choices()}:
            field.data = None
            raise StopValidation("Pilih salah satu jawaban.")


def radio_field(label: str, options: list[tuple[str, str]]) -> RadioField:
    return RadioField(
        label, [Chosen()], choices=choices_from(options), validate_choice=False
    )


class RatingForm(BaseForm):
    need = radio_field("Apakah kebutuhan Anda sudah terpenuhi?", choices("needs"))
    score = radio_field("Seberapa puas Anda?", choices("scores"))
    comment: TextAreaField = area_field(
        "Apa yang sudah baik atau perlu kami perbaiki?", most=COMMENT_LENGTH
    )
    # The rating as it stood on the page: another page may have changed it since.
    seen = HiddenField()

    def warn_of(self, comment: str, version: str) -> None:
        """Show the words that would be replaced; sent again, the form replaces them."""
        self.comment.errors = [
            f"Anda sudah menulis dari halaman lain: “{comment}”. Gabungkan bila perlu;"
            " kirim lagi untuk menggantinya dengan tulisan di atas."
        ]
        self.seen.data = version


def survey_form(elements: tuple[Element, ...], **options: Any) -> BaseForm:
    """Return the form of a questionnaire with these elements."""
    fields = {
        element.code: radio_field(
            element.question,
            [(str(n), text) for n, text in enumerate(element.answers, start=1)],
        )
        for element in elements
    }
    return type("SurveyForm", (BaseForm,), fields)(**options)


class FollowUpReplyForm(KeyedForm):
    body: TextAreaField = area_field("Tanggapan Anda", Required(), most=COMMENT_LENGTH)


class OpeningForm(BaseForm):
    reason: TextAreaField = area_field("Alasan", most=1_000)


class DraftForm(BaseForm):
    """A follow-up mail being written: stored as it is, finished or not."""

    body: TextAreaField = area_field("Isi email", most=LETTER_LENGTH)
    template = SelectField("Templat", coerce=str, validate_choice=False)
    press = Pressed(("pratinjau", "simpan", "templat"))


class LetterForm(DraftForm):
    """A follow-up mail that is to be sent."""

    body: TextAreaField = area_field("Isi email", Required(), most=LETTER_LENGTH)

    def validate_body(self, field: TextAreaField) -> None:
        NothingUnfilled(PLACES)(self, field)
        if is_unfinished(field.data or ""):
            raise ValidationError(
                "Masih ada bagian [tulis …] yang belum diganti atau dihapus."
            )


class SendingForm(BaseForm):
    """The preview's button; `key` names the text that was previewed."""

    key = HiddenField()


class FollowUpHandOverForm(BaseForm):
    officer = SelectField("Petugas", [Chosen()], choices=[], validate_choice=False)


class ResolutionForm(SeenForm):
    resolution: TextAreaField = area_field(
        "Apa yang telah dilakukan", Required(), most=2_000
    )


class FollowUpReturnForm(BaseForm):
    reason: TextAreaField = area_field("Alasan", Required(), most=1_000)


class TemplateForm(BaseForm):
    name = text_field("Nama templat", Required(), most=100)
    body: TextAreaField = area_field(
        "Isi", Required(), KnownPlaces(PLACES), most=LETTER_LENGTH
    )
