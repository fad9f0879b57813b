"""Checks of the settings of the office, with the sentence that refuses a value."""

import re
from dataclasses import fields
from typing import Any
from zoneinfo import available_timezones

from pst.office.setting_values import DECLARATIONS, Settings
from pst.rules import BAD_EMAIL
from pst.text.visible import is_visible

CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
# Pages show these as links, so only a web address may be one.
WEB_ADDRESS = re.compile(r"https?://[^\s/:@\"'<>]+(:\d{1,5})?(/[^\s\"'<>]*)?")
EMAIL = re.compile(r"[^\s@,;:<>\"]+@[^\s@,;:<>\"]+")
REQUIRED = {"office_name", "service_name", "unit_name", "consent_version"}
KNOWN = set(DECLARATIONS)
FLAGS = {field.name for field in fields(Settings) if isinstance(field.default, bool)}
FORMATS = set(Settings.attachment_formats.split())
LOGO = re.compile(r"([0-9a-f]{64})?")
YES_OR_NO_ONLY = "Pilih ya atau tidak."
SURVEY_OFF = re.compile(r"(u[1-9](, ?u[1-9]){0,7})?")


class BadValue(ValueError):
    """A value that the setting `key` cannot take."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key


def check(key: str, value: Any) -> None:
    """Raise `BadValue` when `value` cannot be the setting `key`."""
    if key not in KNOWN:
        raise BadValue(key, f"Pengaturan {key} tidak dikenal.")
    if DECLARATIONS[key].range:
        least, most = DECLARATIONS[key].range
        if type(value) is not int or not least <= value <= most:
            raise BadValue(key, f"Isi dengan angka {least} sampai {most}.")
    elif key in FLAGS:
        if type(value) is not bool:
            raise BadValue(key, YES_OR_NO_ONLY)
    elif key == "attachment_formats":
        if not isinstance(value, str) or set(value.split()) - FORMATS:
            raise BadValue(key, f"Pilih dari: {' '.join(sorted(FORMATS))}.")
    elif key == "timezone":
        if value not in available_timezones():
            raise BadValue(key, "Zona waktu tidak dikenal.")
    elif key == "letter_logo":
        if not isinstance(value, str) or not LOGO.fullmatch(value):
            raise BadValue(key, "Logo diunggah di halaman Kop surat.")
    elif key == "hours":
        _check_hours(value)
    elif key == "survey_period":
        if value not in DECLARATIONS[key].choices:
            raise BadValue(key, "Pilih bulan, triwulan, semester, atau tahun.")
    elif key == "survey_off":
        if not isinstance(value, str) or not SURVEY_OFF.fullmatch(value):
            raise BadValue(key, "Tulis kode unsur seperti u4, u8; sisakan satu.")
    else:
        _check_text(key, value)


def _check_text(key: str, value: Any) -> None:
    if not isinstance(value, str) or len(value) > 500:
        raise BadValue(key, "Isi dengan teks, paling banyak 500 karakter.")
    if not value.isprintable():
        raise BadValue(key, "Isi dengan satu baris teks tanpa karakter kendali.")
    if key in REQUIRED and not is_visible(value):
        raise BadValue(key, "Wajib diisi.")
    if key == "consent_version" and len(value) > 40:
        raise BadValue(key, "Paling banyak 40 karakter.")
    if key == "email" and value and not EMAIL.fullmatch(value):
        raise BadValue(key, BAD_EMAIL)
    if (
        key in ("website", "complaint_url")
        and value
        and not WEB_ADDRESS.fullmatch(value)
    ):
        raise BadValue(key, "Tulis alamat web lengkap, seperti https://contoh.go.id")


def _check_hours(value: Any) -> None:
    if not isinstance(value, dict) or set(value) - {str(day) for day in range(7)}:
        raise BadValue("hours", "Jam layanan ditulis per hari.")
    if not any(value.values()):
        raise BadValue("hours", "Paling sedikit satu hari memiliki jam layanan.")
    for spans in value.values():
        last = ""
        for begin, end in spans:
            if not (CLOCK_TIME.fullmatch(begin) and CLOCK_TIME.fullmatch(end)):
                raise BadValue("hours", "Tulis jam seperti 08:00.")
            if not last < begin < end:
                raise BadValue("hours", "Jam layanan harus berurutan.")
            last = end
