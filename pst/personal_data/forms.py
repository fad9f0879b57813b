"""The forms about personal data."""

from datetime import datetime

from wtforms import BooleanField, StringField
from wtforms.validators import ValidationError

from pst import clock
from pst.office import settings
from pst.web.forms.date_fields import MomentField
from pst.web.forms.fields import BaseForm, Required, area_field, tidy

WORD = "HAPUS"
FIRST_YEAR, LAST_YEAR = 2000, 2100


class ConsentsForm(BaseForm):
    survey = BooleanField("Survei Kebutuhan Data")
    news = BooleanField("Kabar statistik")


class EraseForm(BaseForm):
    word = StringField(f"Ketik {WORD} untuk melanjutkan", [Required()], filters=[tidy])

    def validate_word(self, field: StringField) -> None:
        if field.data != WORD:
            raise ValidationError(f"Ketik {WORD} dengan huruf besar.")


class BreachTextsForm(BaseForm):
    what = area_field("Apa yang terjadi", Required())
    which_data = area_field("Data yang terungkap", Required())
    how = area_field("Waktu dan cara terungkap", Required())
    measures = area_field("Upaya penanganan dan pemulihan", Required())
    advice = area_field("Saran bagi pengguna", Required())
    concerned = area_field("Email yang terdampak")

    @property
    def texts(self) -> dict[str, str]:
        names = ("what", "which_data", "how", "measures", "advice", "concerned")
        return {name: self[name].data or "" for name in names}


class BreachForm(BreachTextsForm):
    known_at = MomentField("Diketahui pada", [Required()])

    def validate_known_at(self, field: MomentField) -> None:
        if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(f"Tahun {FIRST_YEAR} sampai {LAST_YEAR}.")
        if field.data and self.moment > clock.now():
            raise ValidationError("Waktu ini belum terjadi.")

    @property
    def moment(self) -> datetime:
        return self.known_at.data.replace(tzinfo=settings.current().zone)
