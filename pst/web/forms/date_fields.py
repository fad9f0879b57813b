"""Dates and moments that people type; what cannot be read is refused in Indonesian."""

from typing import Any

from wtforms import DateField, DateTimeLocalField

NO_DATE = "Tanggal tidak dikenal. Pilih tanggal, atau tulis dalam bentuk 2026-11-22."
NO_MOMENT = "Waktu tidak dikenal."


class DayField(DateField):
    """A date."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(NO_DATE) from error


class MomentField(DateTimeLocalField):
    """A local date and time."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(NO_MOMENT) from error
