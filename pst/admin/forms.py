"""What an admin types."""

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from wtforms import BooleanField, StringField
from wtforms.validators import ValidationError

from pst.accounts.forms import select_field
from pst.office.setting_checks import YES_OR_NO_ONLY, BadValue, check
from pst.office.setting_values import Settings
from pst.rules import LAST_BEFORE_FIRST
from pst.web.forms.date_fields import DayField
from pst.web.forms.fields import (
    BaseForm,
    EmailAddress,
    NoWebAddress,
    Required,
    text_field,
    tidy,
)

FIRST_YEAR, LAST_YEAR = 1990, 2100
DAYS = 7
YES_OR_NO = {"ya": True, "tidak": False}
HOURS = "hours-"
NUMBER = re.compile(r"-?[0-9]{1,8}")
# What has a form of its own.
APART = ("hours", "letter_logo", "home_indicators")
KEYS = [field.name for field in fields(Settings) if field.name not in APART]


class PersonForm(BaseForm):
    name = text_field("Nama lengkap", Required(), NoWebAddress())
    email = StringField("Email", [Required(), EmailAddress()], filters=[tidy])
    role = select_field("Peran", "roles")


class RoleForm(BaseForm):
    role = select_field("Peran", "roles")


class NewAddressForm(BaseForm):
    email = StringField("Email baru", [Required(), EmailAddress()], filters=[tidy])
    why = text_field("Alasan", Required())


class DayOffForm(BaseForm):
    on = DayField("Tanggal", [Required()])
    name = text_field("Keterangan", Required())

    def validate_on(self, field: DayField) -> None:
        if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(f"Tahun {FIRST_YEAR} sampai {LAST_YEAR}.")


class HomeFiguresForm(BaseForm):
    q = text_field("Cari tabel atau indikator", most=200)


def _are_hours(form: BaseForm, field: Any) -> None:
    """Refuse what are no hours; none at all are those of other days."""
    try:
        check("hours", {"0": _spans(field.data or "") or [["08:00", "09:00"]]})
    except BadValue as error:
        raise ValidationError(str(error)) from error


class HoursForm(BaseForm):
    """Hours of a stretch of days: Monday to Thursday, Friday, and the week-end."""

    first = DayField("Dari", [Required()])
    last = DayField("Sampai", [Required()])
    title = text_field("Keterangan", Required(), most=120)
    weekdays = text_field("Senin sampai Kamis", _are_hours, most=60)
    friday = text_field("Jumat", _are_hours, most=60)
    saturday = text_field("Sabtu", _are_hours, most=60)
    sunday = text_field("Minggu", _are_hours, most=60)
    counts = BooleanField("Sabtu atau Minggu itu dihitung sebagai hari kerja")

    def validate_last(self, field: DayField) -> None:
        days = (self.first.data, field.data)
        if not all(day and FIRST_YEAR <= day.year <= LAST_YEAR for day in days):
            raise ValidationError(f"Tahun {FIRST_YEAR} sampai {LAST_YEAR}.")
        if field.data < self.first.data:
            raise ValidationError(LAST_BEFORE_FIRST)

    def hours(self) -> dict[str, list[list[str]]]:
        """Return the hours by weekday, as the calendar keeps them.

        Of the week-end only the opened days are in it; the rest is as usual.
        """
        monday, friday = (_spans(f.data or "") for f in (self.weekdays, self.friday))
        hours = {**{str(day): monday for day in range(4)}, "4": friday}
        for day, each in (("5", self.saturday), ("6", self.sunday)):
            if spans := _spans(each.data or ""):
                hours[day] = spans
        return hours


def _spans(text: str) -> list[list[str]]:
    text = text.replace("–", "-").replace(".", ":")
    return [_span(part) for part in text.split(",") if part.strip()]


def typed_settings(form: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Read the settings that were typed; return the values and what is wrong.

    What is wrong is a sentence by key. A key that was not sent is left alone.
    """
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in fields(Settings):
        try:
            if (value := _value_of(field.name, field.default, form)) is not None:
                check(field.name, value)
                values[field.name] = value
        except BadValue as error:
            errors[field.name] = str(error)
    return values, errors


def _value_of(key: str, default: object, form: Mapping[str, str]) -> object:
    if key == "hours":
        return typed_hours(form)
    if key not in form:
        return None
    text = tidy(form[key]) or ""
    if isinstance(default, bool):
        if text not in YES_OR_NO:
            raise BadValue(key, YES_OR_NO_ONLY)
        return YES_OR_NO[text]
    if isinstance(default, int):
        if not NUMBER.fullmatch(text):
            raise BadValue(key, "Isi dengan angka.")
        return int(text)
    return text


def typed_hours(form: Mapping[str, str]) -> dict[str, list[list[str]]] | None:
    """Read `08.00-12.00, 13.00-15.30` for each day; an empty day is closed."""
    if not any(key.startswith(HOURS) for key in form):
        return None
    week = {}
    for day in range(DAYS):
        spans = (form.get(f"{HOURS}{day}") or "").replace("–", "-").replace(".", ":")
        week[str(day)] = [_span(part) for part in spans.split(",") if part.strip()]
    return week


def _span(text: str) -> list[str]:
    begin, dash, end = (part.strip() for part in text.partition("-"))
    if not dash:
        raise BadValue("hours", "Tulis jam seperti 08.00-15.30.")
    return [begin.rjust(5, "0"), end.rjust(5, "0")]


def _text_of(value: object) -> str:
    if isinstance(value, bool):
        return next(word for word, truth in YES_OR_NO.items() if truth is value)
    return str(value)


def shown_settings(now: Settings) -> dict[str, str]:
    """Write the settings as the fields of the form."""
    texts = {key: _text_of(getattr(now, key)) for key in KEYS}
    for day, spans in enumerate(now.week):
        texts[f"{HOURS}{day}"] = ", ".join(
            f"{begin:%H.%M}-{end:%H.%M}" for begin, end in spans
        )
    return texts
