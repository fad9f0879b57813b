"""What an office decides about conversations, security, mails and kept data.

Each setting with its default, its words and its range; see `office_settings.py`.
"""

from dataclasses import dataclass
from typing import ClassVar

from pst.office.setting_fields import number, setting, yes_or_no


@dataclass(frozen=True, eq=False)
class Conversation:
    """Attachments, and how often a page asks for news."""

    TITLE: ClassVar = "Percakapan"

    attachment_mb: int = number(10, 1, 50, "Ukuran lampiran paling besar (MB)")
    attachment_formats: str = setting(
        "pdf xlsx xls csv docx doc ods odt txt png jpg webp",
        "Jenis lampiran",
        "Pisahkan dengan spasi.",
    )
    # Seconds between two polls: lively, quiet, long quiet.
    poll_lively_s: int = number(
        3,
        1,
        60,
        "Tanya pesan baru saat ramai (detik)",
        "Lebih jarang berarti lebih hemat pulsa pengguna dan kerja server.",
    )
    poll_quiet_s: int = number(15, 5, 300, "Tanya pesan baru saat sepi (detik)")
    poll_idle_s: int = number(60, 10, 900, "Tanya pesan baru saat lama sepi (detik)")


@dataclass(frozen=True, eq=False)
class Security:
    """Who needs a second step."""

    TITLE: ClassVar = "Keamanan"

    # Whether officers, heads and admins must log in with a second step.
    require_two_step: bool = yes_or_no(
        False,
        "Wajibkan masuk dua langkah bagi petugas, Ketua Tim, dan Admin TI",
        "Yang belum mengaktifkannya diminta mengaktifkan dahulu setelah masuk.",
    )


@dataclass(frozen=True, eq=False)
class MailLimits:
    """What the mail account allows."""

    TITLE: ClassVar = "Email"

    # The limit of the mail account; providers refuse mails above it.
    mails_per_hour: int = number(
        300,
        10,
        100_000,
        "Surat per jam",
        "Paling banyak email yang dikirim dalam satu jam; tanyakan batas akun email"
        " Anda kepada penyedianya. Selebihnya menunggu jam berikutnya.",
    )
    quiet_from_hour: int = number(
        21,
        0,
        23,
        "Pemberitahuan di perangkat tidak berbunyi sejak jam",
        "Pemberitahuan yang terbit malam hari menunggu sampai pagi.",
    )
    quiet_until_hour: int = number(6, 0, 23, "… sampai jam", "Jam yang sama: selalu.")
    reply_by_mail: bool = yes_or_no(
        False,
        "Balasan lewat email menjadi pesan",
        "Ya: pengguna dapat membalas email konsultasi; balasannya masuk ke percakapan."
        " Perlu kotak surat pantulan (PST_BOUNCE_URL).",
    )


@dataclass(frozen=True, eq=False)
class PersonalData:
    """How long personal data are kept; see pst/personal_data/retention.py."""

    TITLE: ClassVar = "Data pribadi"

    consent_version: str = setting(
        "2026-11",
        "Versi pemberitahuan privasi",
        "Ubah bila isi pemberitahuan berubah; persetujuan mencatat versinya.",
    )
    # How long personal data are kept; see pst/personal_data/retention.py.
    keep_accounts_months: int = number(
        24,
        6,
        240,
        "Akun yang tidak dipakai disimpan (bulan)",
        "Sejak terakhir masuk. Pemiliknya diberi tahu 30 hari sebelum akunnya dihapus.",
    )
    keep_conversations_months: int = number(
        60,
        12,
        240,
        "Isi percakapan disimpan (bulan)",
        "Sejak konsultasi ditutup. Setelah itu isinya dihapus; angka untuk statistik"
        " tetap ada.",
    )
    keep_attachments_months: int = number(
        24, 3, 240, "Lampiran disimpan (bulan)", "Sejak konsultasi ditutup."
    )
    keep_logs_months: int = number(
        12,
        3,
        60,
        "Email terkirim dan catatan masuk disimpan (bulan)",
        "Jejak audit tidak dihapus.",
    )
    keep_searches_months: int = number(
        24,
        3,
        60,
        "Catatan pencarian disimpan (bulan)",
        "Kata yang dicari, tanpa siapa yang mencari; dasar daftar kebutuhan artikel"
        " dan laporan.",
    )
