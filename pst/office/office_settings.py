"""What an office decides about itself and its service: each setting with its words.

Defaults are those of any district office. The groups stand on the screen in this order,
then those of `technical_settings.py`; `setting_values.py` puts them together.
"""

from dataclasses import dataclass
from typing import ClassVar

from pst.office.setting_fields import choice, number, setting, yes_or_no

Hours = list[list[str]]


@dataclass(frozen=True, eq=False)
class Office:
    """Who and where the office is."""

    TITLE: ClassVar = "Kantor"

    office_name: str = setting(
        "Badan Pusat Statistik Kabupaten/Kota",
        "Nama kantor",
        "Tampil di kepala setiap halaman dan di email.",
    )
    unit_name: str = setting("Pelayanan Statistik Terpadu", "Nama unit")
    service_name: str = setting("Konsultasi Statistik Online", "Nama layanan")
    team_head_title: str = setting("Ketua Tim Diseminasi", "Sebutan Ketua Tim")
    head_name: str = setting(
        "",
        "Nama kepala kantor",
        "Menjawab pencarian “siapa kepala BPS”; bila kosong, tidak dijawab.",
    )
    address: str = setting("", "Alamat")
    city: str = setting("", "Kota", "Untuk tempat dan tanggal pada laporan.")
    phone: str = setting("", "Telepon")
    email: str = setting("", "Email kantor")
    website: str = setting("", "Situs web")
    timezone: str = setting(
        "Asia/Jakarta",
        "Zona waktu",
        "Asia/Jakarta (WIB), Asia/Makassar (WITA), atau Asia/Jayapura (WIT).",
    )
    hours: dict[str, Hours] | None = setting(None, "Jam layanan")


@dataclass(frozen=True, eq=False)
class Complaints:
    """Where people complain."""

    TITLE: ClassVar = "Pengaduan"

    complaint_url: str = setting(
        "https://webapps.bps.go.id/pengaduan", "Alamat web pengaduan"
    )
    complaint_box: str = setting(
        "Kotak saran dan pengaduan di ruang PST", "Tempat pengaduan langsung"
    )


@dataclass(frozen=True, eq=False)
class FirstPage:
    """What the first page shows besides the search."""

    TITLE: ClassVar = "Beranda"

    home_articles: str = setting(
        "",
        "Pertanyaan di beranda",
        "Alamat sampai tiga artikel, seperti ipm-kabupaten, dipisahkan koma. Sisanya:"
        " yang paling sering dibuka dari pencarian.",
    )
    home_indicators: str = setting(
        "",
        "Angka di beranda",
        "Nomor butir katalog, dipisahkan koma; dipilih di Angka di beranda.",
    )


@dataclass(frozen=True, eq=False)
class ServiceTimes:
    """The service standard: deadlines, and the end of silent conversations."""

    TITLE: ClassVar = "Waktu pelayanan"

    # Service standard: "within 3 working days after the request is clear".
    service_workdays: int = number(
        3,
        1,
        30,
        "Batas waktu pelayanan (hari kerja)",
        "Dihitung setelah permintaan jelas. Standar pelayanan: 3.",
    )
    # Service standard, step 4: closed after 3 days without an answer.
    warn_after_days: int = number(
        2,
        1,
        30,
        "Peringatan sebelum ditutup (hari)",
        "Pengguna diingatkan setelah tidak menjawab selama ini.",
    )
    close_after_days: int = number(
        3,
        1,
        60,
        "Penutupan otomatis (hari)",
        "Percakapan ditutup setelah pengguna tidak menjawab selama ini."
        " Standar pelayanan: 3.",
    )
    reopen_within_days: int = number(
        7,
        0,
        90,
        "Dapat dibuka kembali (hari)",
        "Balasan pengguna membuka lagi konsultasi yang ditutup selama ini.",
    )


@dataclass(frozen=True, eq=False)
class RatingsAndFollowUps:
    """Ratings, and what follows a low one."""

    TITLE: ClassVar = "Penilaian dan tindak lanjut"

    low_rating: int = number(
        2,
        1,
        4,
        "Penilaian rendah (1-5)",
        "Penilaian ini atau kurang membuka tindak lanjut.",
    )
    rating_open_days: int = number(
        30, 1, 365, "Penilaian dibuka (hari)", "Sejak konsultasi ditutup."
    )
    rating_change_days: int = number(7, 0, 90, "Penilaian dapat diubah (hari)")
    follow_up_workdays: int = number(3, 1, 30, "Batas tindak lanjut (hari kerja)")
    rating_reminder_workdays: int = number(
        3,
        1,
        30,
        "Pengingat penilaian (hari kerja)",
        "Sekali, bila belum dinilai selama ini setelah ditutup.",
    )
    follow_up_answer_days: int = number(
        14,
        1,
        90,
        "Tindak lanjut dapat ditanggapi (hari)",
        "Lama berlakunya tautan bagi pengguna.",
    )
    # Whether the mail about a final answer has its first lines.
    mail_final_answers: bool = yes_or_no(
        True,
        "Kutipan jawaban final di email",
        "Ya: beberapa baris pertama ikut dikirim, bila tidak memuat data pribadi.",
    )
    # Whether the officer who proposed a follow-up must let another one close it.
    follow_up_second_person: bool = yes_or_no(
        False,
        "Tindak lanjut ditutup orang kedua",
        "Ya: petugas lain dari pengusul yang menutupnya.",
    )
    # Words in feedback that ask for an officer to look, separated by commas.
    complaint_words: str = setting(
        "kecewa, mengecewakan, keluhan, mengeluh, komplain, mengadu, lapor, pungli,"
        " pungutan, suap, imbalan, diskriminasi, tidak adil, kasar, tidak ramah,"
        " tidak sopan, marah, bohong, lambat, lama sekali, terlalu lama,"
        " tidak dijawab, tidak ditanggapi, tidak dilayani, tidak membantu,"
        " tidak sesuai, salah data, data salah, buruk, parah, bocor",
        "Kata yang menandakan keluhan",
        "Pisahkan dengan koma. Petugas diminta memeriksa umpan balik yang memuatnya.",
    )


@dataclass(frozen=True, eq=False)
class Survey:
    """The satisfaction survey (PermenPANRB 14/2017)."""

    TITLE: ClassVar = "Survei Kepuasan Masyarakat"

    # PermenPANRB 14/2017: how often one user is asked, and the elements left out
    # because they do not apply to this service, as "u4, u8".
    survey_period: str = choice(
        "semester",
        {
            "month": "Bulan",
            "quarter": "Triwulan",
            "semester": "Semester",
            "year": "Tahun",
        },
        "Survei ditawarkan sekali setiap",
    )
    survey_off: str = setting(
        "",
        "Unsur survei yang tidak ditanyakan",
        "Kode unsur seperti u4, u8; kosongkan bila semua ditanyakan.",
    )


@dataclass(frozen=True, eq=False)
class Letterhead:
    """The letter form of the report to the head of the team."""

    TITLE: ClassVar = "Surat laporan"

    # The letter form of the report to the head of the team.
    letter_head: str = setting(
        "Badan Pusat Statistik", "Baris pertama kop surat", "Di atas nama kantor."
    )
    # The second line; empty: the name of the office without that of the agency.
    letter_area: str = setting(
        "",
        "Baris kedua kop surat",
        "Kosongkan untuk memakai nama kantor tanpa “BPS”, seperti KABUPATEN"
        " BANJARNEGARA.",
    )
    # The hash of a picture; see `letter_logo.py`.
    letter_logo: str = setting("", "Logo kop surat")
    letter_nature: str = setting("Biasa", "Sifat surat")
    letter_attachment: str = setting("1 (satu) berkas", "Lampiran surat")
    letter_opening: str = setting(
        "Bersama ini kami sampaikan laporan hasil analisis umpan balik dan penilaian"
        " layanan sebagaimana terlampir.",
        "Kalimat pembuka",
    )
    letter_closing: str = setting(
        "Demikian laporan ini kami sampaikan. Atas perhatian dan arahan Bapak/Ibu,"
        " kami ucapkan terima kasih.",
        "Kalimat penutup",
    )
    letter_signer: str = setting(
        "Petugas Pelayanan Statistik Terpadu", "Jabatan penanda tangan"
    )
    letter_copies: str = setting(
        "", "Tembusan", "Dipisahkan titik koma. Boleh dikosongkan."
    )
