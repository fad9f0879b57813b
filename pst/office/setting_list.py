"""Every setting of the office: its type, its default and the range of a number.

Defaults are those of any district office. What each setting is called on the screen
stands in `admin/_setting_words.html`.
"""

from dataclasses import dataclass, field, fields
from datetime import time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

Hours = list[list[str]]


def number(default: int, least: int, most: int) -> int:
    """Declare a number from `least` to `most`."""
    value: int = field(default=default, metadata={"range": (least, most)})
    return value


def _hours() -> dict[str, Hours]:
    """Return the usual PST hours: to Thursday 08.00-15.30, on Friday to 16.00."""
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
    service_workdays: int = number(3, 1, 30)
    # Service standard, step 4: closed after 3 days without an answer.
    warn_after_days: int = number(2, 1, 30)
    close_after_days: int = number(3, 1, 60)
    reopen_within_days: int = number(7, 0, 90)
    low_rating: int = number(2, 1, 4)
    rating_open_days: int = number(30, 1, 365)
    rating_change_days: int = number(7, 0, 90)
    rating_reminder_workdays: int = number(3, 1, 30)
    follow_up_workdays: int = number(3, 1, 30)
    follow_up_answer_days: int = number(14, 1, 90)
    # Whether the officer who proposed a follow-up must let another one close it.
    follow_up_second_person: bool = False
    # Words in feedback that ask for an officer to look, separated by commas.
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
    # The second line; empty: the name of the office without that of the agency.
    letter_area: str = ""
    # The hash of a picture; see `letter_logo.py`.
    letter_logo: str = ""
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
    # How long personal data are kept; see pst/personal_data/retention.py.
    keep_accounts_months: int = number(24, 6, 240)
    keep_conversations_months: int = number(60, 12, 240)
    keep_attachments_months: int = number(24, 3, 240)
    keep_logs_months: int = number(12, 3, 60)
    keep_searches_months: int = number(24, 3, 60)
    # Whether officers, heads and admins must log in with a second step.
    require_two_step: bool = False
    attachment_mb: int = number(10, 1, 50)
    attachment_formats: str = "pdf xlsx xls csv docx doc ods odt txt png jpg webp"
    # The limit of the mail account; providers refuse mails above it.
    mails_per_hour: int = number(300, 10, 100_000)
    # Seconds between two polls: lively, quiet, long quiet.
    poll_lively_s: int = number(3, 1, 60)
    poll_quiet_s: int = number(15, 5, 300)
    poll_idle_s: int = number(60, 10, 900)

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
    def letterhead_area(self) -> str:
        """The second line of the head of a letter: the district."""
        name = self.office_name
        for agency in (self.letter_head, "Badan Pusat Statistik", "BPS"):
            name = name.removeprefix(agency).lstrip()
        return self.letter_area or name

    @property
    def warn_after(self) -> timedelta:
        return timedelta(days=self.warn_after_days)

    @property
    def close_after(self) -> timedelta:
        return timedelta(days=self.close_after_days)

    @property
    def reopen_within(self) -> timedelta:
        return timedelta(days=self.reopen_within_days)


# The least and the most that each number may be.
NUMBERS: dict[str, tuple[int, int]] = {
    each.name: each.metadata["range"]
    for each in fields(Settings)
    if "range" in each.metadata
}
