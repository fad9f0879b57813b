"""What an officer types about a figure that the office keeps by hand."""

from wtforms.fields import Field
from wtforms.validators import Optional, ValidationError

from pst.catalogue.entries import (
    ABSTRACT_LENGTH,
    NAME_LENGTH,
    BadEntry,
    ItemEntry,
    Value,
    web_address,
)
from pst.catalogue.importing import value_of
from pst.catalogue.models import CatalogueItem, CatalogueValue
from pst.catalogue.states import ItemKind
from pst.regions import area_codes
from pst.web.formats.formatting import number
from pst.web.forms.date_fields import DayField
from pst.web.forms.fields import BaseForm, Required, area_field, text_field

MAX_LINES = 200
# An officer's title is shorter than those of sources, so that a card shows it whole.
TITLE = 200


class FigureForm(BaseForm):
    """A title, an area, a unit, a source, and a figure a line."""

    title = text_field("Judul", Required(), most=TITLE)
    unit = text_field("Satuan", most=60)
    area = text_field("Wilayah", Required(), most=NAME_LENGTH)
    area_code = text_field("Kode wilayah", most=10)
    lines = area_field("Angka", Required(), most=8_000)
    note = text_field("Catatan", most=300)
    address = text_field("Alamat sumber", most=500)
    released_on = DayField("Dirilis", [Optional()])
    next_on = DayField("Rilis berikutnya", [Optional()])

    def validate_area_code(self, field: Field) -> None:
        if field.data and area_codes.code_of(field.data) is None:
            raise ValidationError("Tulis kode BPS: 2, 4, 7, atau 10 angka.")

    def validate_address(self, field: Field) -> None:
        if field.data and not web_address(field.data):
            raise ValidationError("Tulis alamat lengkap, seperti https://contoh.go.id")

    def validate_lines(self, field: Field) -> None:
        self.values = tuple(_values(field.data or "", self._place))

    values: tuple[Value, ...] = ()

    @property
    def _place(self) -> dict[str, str]:
        code = area_codes.code_of(self.area_code.data or "") or area_codes.COUNTRY
        return {"area": self.area.data or "", "area_code": code}

    def entry(self, source_id: str) -> ItemEntry:
        """Return what was typed as an item."""
        return ItemEntry(
            source_id=source_id,
            kind=ItemKind.INDICATOR,
            title=self.title.data or "",
            unit=self.unit.data or "",
            area=self._place["area"],
            area_code=self._place["area_code"],
            years=tuple(sorted({value.year for value in self.values})),
            released_on=self.released_on.data,
            next_on=self.next_on.data,
            address=web_address(self.address.data),
            note=(self.note.data or "")[:ABSTRACT_LENGTH],
            values=self.values,
        )


def form_of(item: CatalogueItem) -> FigureForm:
    """Return the form with what is kept."""
    return FigureForm(
        formdata=None,
        title=item.title,
        unit=item.unit,
        area=item.area,
        area_code=item.area_code,
        lines="\n".join(map(_line, item.values())),
        note=item.note,
        address=item.address,
        released_on=item.released_on,
        next_on=item.next_on,
    )


def _values(text: str, place: dict[str, str]) -> list[Value]:
    """Return the figures of lines as `2025: 1.234,5`; refuse the first wrong one."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MAX_LINES:
        raise ValidationError(f"Paling banyak {MAX_LINES} baris.")
    values: dict[object, Value] = {}
    for line in lines:
        period, _, figure = line.replace("\t", ":").partition(":")
        try:
            value = value_of(period.strip(), figure.strip(), **place)
        except BadEntry as error:
            raise ValidationError(
                f"Baris “{line.strip()[:60]}” tidak terbaca."
                " Tulis seperti 2025: 1.234,5"
            ) from error
        if value.key in values:
            raise ValidationError(f"Periode “{period.strip()[:40]}” tertulis dua kali.")
        values[value.key] = value
    return list(values.values())


def _line(value: CatalogueValue) -> str:
    period = f"{value.part_name} {value.year}".strip()
    return f"{period}: {number(value.value, value.decimals)}"
