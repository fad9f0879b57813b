"""The forms that bring in lists of codes and regions."""

from typing import Any

from wtforms import BooleanField, FileField, IntegerField, SelectField
from wtforms.validators import NumberRange, ValidationError

from pst.classifications.families import FAMILIES
from pst.classifications.models import Classification
from pst.web.forms.choices import choices_from
from pst.web.forms.fields import BaseForm, text_field

MIN_YEAR, MAX_YEAR = 1970, 2099


class ListForm(BaseForm):
    """A form with the file of a list."""

    file = FileField("Berkas")

    def validate_file(self, field: FileField) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError("Pilih berkasnya: CSV, XLSX, atau JSON.")


class CodesForm(ListForm):
    family = SelectField("Klasifikasi", choices=list(FAMILIES))
    year = IntegerField(
        "Tahun edisi",
        [NumberRange(MIN_YEAR, MAX_YEAR, "Tulis tahun edisinya, misalnya 2025.")],
    )
    source = text_field("Sumber")
    withdraws = BooleanField("Kode yang tidak ada dalam berkas ini memang dihapus")

    @property
    def slug(self) -> str:
        """Return the edition as its address has it: "kbli-2025"."""
        return f"{self.family.data}-{self.year.data}".lower()


class ConversionForm(ListForm):
    before = SelectField("Dari edisi")
    after = SelectField("Ke edisi")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        editions = choices_from((e.slug, e.name) for e in Classification.all())
        self.before.choices = self.after.choices = editions

    def validate_after(self, field: SelectField) -> None:
        if field.data == self.before.data:
            raise ValidationError("Pilih dua edisi yang berbeda.")


class RegionsForm(ListForm):
    withdraws = BooleanField("Wilayah yang tidak ada dalam berkas ini memang dihapus")
