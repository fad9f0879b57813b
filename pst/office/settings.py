"""What the office decides: a table with typed, checked keys, edited on a screen.

Defaults are those of any district office; the facts of one office are loaded from a
file (`flask office load`) or typed by an admin.
"""

import json
import re
from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import sqlalchemy as sa
from flask import g
from sqlalchemy.orm import Mapped, mapped_column

from pst import clock
from pst.database import db
from pst.office import audit
from pst.visible import is_visible

Hours = list[list[str]]
CLOCK_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
# These stand in pages as links: nothing but a web address may.
WEB_ADDRESS = re.compile(r"https?://[^\s/:@\"'<>]+(:\d{1,5})?(/[^\s\"'<>]*)?")
EMAIL = re.compile(r"[^\s@,;:<>\"]+@[^\s@,;:<>\"]+")
REQUIRED = {"office_name", "service_name", "unit_name", "consent_version"}


class BadValue(ValueError):
    """A value a setting cannot take; `key` names it."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key


class OfficeSetting(db.Model):
    """One setting that an admin has changed; what is absent has its default."""

    key: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    value: Mapped[str] = mapped_column(sa.Text)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))


class SettingChange(db.Model):
    """One change of one setting: what it was, what it is, who did it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(60), index=True)
    before: Mapped[str] = mapped_column(sa.Text)
    after: Mapped[str] = mapped_column(sa.Text)
    changed_at: Mapped[datetime]
    # No foreign key: the history outlives whom it speaks of.
    changed_by_id: Mapped[int | None]


def _hours() -> dict[str, Hours]:
    """Monday to Thursday 08.00-15.30, Friday 08.00-16.00: the usual PST hours."""
    workday: Hours = [["08:00", "15:30"]]
    return {
        **{str(day): workday for day in range(4)},
        "4": [["08:00", "16:00"]],
        "5": [],
        "6": [],
    }


@dataclass(frozen=True)
class Settings:
    """All settings at one moment."""

    office_name: str = "Badan Pusat Statistik Kabupaten/Kota"
    service_name: str = "Konsultasi Statistik Online"
    unit_name: str = "Pelayanan Statistik Terpadu"
    team_head_title: str = "Ketua Tim Diseminasi"
    address: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    complaint_url: str = "https://webapps.bps.go.id/pengaduan"
    complaint_box: str = "Kotak saran dan pengaduan di ruang PST"
    city: str = ""
    timezone: str = "Asia/Jakarta"
    hours: dict[str, Hours] | None = None
    # Service standard: "within 3 working days after the request is clear".
    service_workdays: int = 3
    # Service standard, step 4: closed after 3 days without an answer.
    warn_after_days: int = 2
    close_after_days: int = 3
    reopen_within_days: int = 7
    low_rating: int = 2
    rating_open_days: int = 30
    rating_change_days: int = 7
    rating_reminder_workdays: int = 3
    follow_up_workdays: int = 3
    follow_up_answer_days: int = 14
    # Whether somebody else than who proposed it must close a follow-up.
    follow_up_second_person: bool = False
    # Words in feedback that an officer is asked to look at, between commas.
    complaint_words: str = (
        "kecewa, mengecewakan, keluhan, mengeluh, komplain, mengadu, lapor, pungli,"
        " pungutan, suap, imbalan, diskriminasi, tidak adil, kasar, tidak ramah,"
        " tidak sopan, marah, bohong, lambat, lama sekali, terlalu lama,"
        " tidak dijawab, tidak ditanggapi, tidak dilayani, tidak membantu,"
        " tidak sesuai, salah data, data salah, buruk, parah, bocor"
    )
    # PermenPANRB 14/2017: how often one user is asked, and the elements left out
    # because they do not apply to this service, as "u4, u8".
    survey_period: str = "semester"
    survey_off: str = ""
    # The letter form of the report to the head of the team.
    letter_head: str = "Badan Pusat Statistik"
    letter_nature: str = "Biasa"
    letter_attachment: str = "1 (satu) berkas"
    letter_opening: str = (
        "Bersama ini kami sampaikan laporan hasil analisis umpan balik dan penilaian"
        " layanan sebagaimana terlampir."
    )
    letter_closing: str = (
        "Demikian laporan ini kami sampaikan. Atas perhatian dan arahan Bapak/Ibu,"
        " kami ucapkan terima kasih."
    )
    letter_signer: str = "Petugas Pelayanan Statistik Terpadu"
    letter_copies: str = ""
    consent_version: str = "2026-11"
    # How long personal data are kept; see pst/personal/retention.py.
    keep_accounts_months: int = 24
    keep_conversations_months: int = 60
    keep_attachments_months: int = 24
    keep_logs_months: int = 12
    keep_searches_months: int = 24
    # Whether officers, heads and admins must log in with a second step.
    require_two_step: bool = False
    attachment_mb: int = 10
    attachment_formats: str = "pdf xlsx xls csv docx doc ods odt txt png jpg webp"
    # What the mail account may send; providers refuse who sends more.
    mails_per_hour: int = 300
    # Seconds between two polls: lively, quiet, long quiet.
    poll_lively_s: int = 3
    poll_quiet_s: int = 15
    poll_idle_s: int = 60

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def week(self) -> list[list[tuple[time, time]]]:
        """Service hours by weekday, Monday first, as local times."""
        hours = self.hours or _hours()
        return [
            [
                (time.fromisoformat(begin), time.fromisoformat(end))
                for begin, end in hours.get(str(day), [])
            ]
            for day in range(7)
        ]

    @property
    def warn_after(self) -> timedelta:
        return timedelta(days=self.warn_after_days)

    @property
    def close_after(self) -> timedelta:
        return timedelta(days=self.close_after_days)

    @property
    def reopen_within(self) -> timedelta:
        return timedelta(days=self.reopen_within_days)


KNOWN = {field.name for field in fields(Settings)}
FORMATS = set(Settings.attachment_formats.split())
FLAGS = {"require_two_step", "follow_up_second_person"}
NUMBERS = {
    "service_workdays": (1, 30),
    "warn_after_days": (1, 30),
    "close_after_days": (1, 60),
    "reopen_within_days": (0, 90),
    "low_rating": (1, 4),
    "rating_open_days": (1, 365),
    "rating_change_days": (0, 90),
    "follow_up_workdays": (1, 30),
    "keep_accounts_months": (6, 240),
    "keep_conversations_months": (12, 240),
    "keep_attachments_months": (3, 240),
    "keep_logs_months": (3, 60),
    "keep_searches_months": (3, 60),
    "attachment_mb": (1, 50),
    "mails_per_hour": (10, 100_000),
    "poll_lively_s": (1, 60),
    "poll_quiet_s": (5, 300),
    "poll_idle_s": (10, 900),
    "rating_reminder_workdays": (1, 30),
    "follow_up_answer_days": (1, 90),
}
SURVEY_PERIODS = ("month", "quarter", "semester", "year")
SURVEY_OFF = re.compile(r"(u[1-9](, ?u[1-9]){0,7})?")


def current() -> Settings:
    """Tell the settings, read once a request or job."""
    found: Settings | None = g.get("settings")  # asked some eighty times a page
    if found is None:
        # SQLAlchemy would take longer to write this than SQLite to answer it.
        rows = db.session.connection().exec_driver_sql(
            "SELECT key, value FROM office_setting ORDER BY key"
        )
        found = g.settings = _of(tuple(map(tuple, rows.fetchall())))
    return found


@lru_cache(maxsize=4)
def _of(rows: tuple[tuple[str, str], ...]) -> Settings:
    return Settings(**{key: json.loads(value) for key, value in rows if key in KNOWN})


def change(values: dict[str, Any], by_id: int | None = None) -> list[str]:
    """Store `values`; return the keys that changed.

    Raises `BadValue` for an unknown key or a value out of range, and stores nothing.
    """
    before = current()
    for key, value in values.items():
        check(key, value)
    together = {
        "warn_after_days": before.warn_after_days,
        "close_after_days": before.close_after_days,
        **values,
    }
    if together["warn_after_days"] >= together["close_after_days"]:
        raise BadValue("warn_after_days", "Peringatan harus sebelum penutupan.")
    changed = [key for key, value in values.items() if getattr(before, key) != value]
    for key in changed:
        _store(key, getattr(before, key), values[key], by_id)
    if changed:
        audit.record("change_settings", "office", by_id, keys=sorted(changed))
    db.session.flush()
    g.pop("settings", None)
    return changed


def _store(key: str, before: Any, after: Any, by_id: int | None) -> None:
    row = db.session.get(OfficeSetting, key) or OfficeSetting(key=key)
    row.value = json.dumps(after, ensure_ascii=False)
    row.changed_at, row.changed_by_id = clock.now(), by_id
    history = SettingChange(
        key=key,
        before=json.dumps(before, ensure_ascii=False),
        after=row.value,
        changed_at=row.changed_at,
        changed_by_id=by_id,
    )
    db.session.add_all([row, history])


def check(key: str, value: Any) -> None:
    """Raise `BadValue` when `value` cannot be the setting `key`."""
    if key not in KNOWN:
        raise BadValue(key, f"Pengaturan {key} tidak dikenal.")
    if key in NUMBERS:
        least, most = NUMBERS[key]
        if type(value) is not int or not least <= value <= most:
            raise BadValue(key, f"Isi dengan angka {least} sampai {most}.")
    elif key in FLAGS:
        if type(value) is not bool:
            raise BadValue(key, "Pilih ya atau tidak.")
    elif key == "attachment_formats":
        if not isinstance(value, str) or set(value.split()) - FORMATS:
            raise BadValue(key, f"Pilih dari: {' '.join(sorted(FORMATS))}.")
    elif key == "timezone":
        if value not in available_timezones():
            raise BadValue(key, "Zona waktu tidak dikenal.")
    elif key == "hours":
        _check_hours(value)
    elif key == "survey_period":
        if value not in SURVEY_PERIODS:
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
        raise BadValue(key, "Alamat email tidak valid. Contoh: nama@contoh.go.id")
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
