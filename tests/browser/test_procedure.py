"""The nine steps of the service standard, on the screen, by named people."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Person
from tests.processes import PostOffice, link_in

ANI = ("Ani Kusuma", "ani@contoh.test")
PASSWORD = "belajar-statistik-2026"
SUBJECT = "Jumlah penduduk Kecamatan Wanadadi"


def register(ani: Person, post_office: PostOffice) -> None:
    """Requirements 1 and 2: an active e-mail address and an account."""
    ani.visit("/daftar")
    ani.fill("Nama lengkap", ANI[0])
    ani.fill("Email", ANI[1])
    ani.choose("Kategori instansi", "Lembaga pendidikan dan penelitian dalam negeri")
    ani.fill("Instansi", "Universitas Terbuka")
    ani.choose("Pekerjaan", "Pelajar atau mahasiswa")
    ani.fill("Kata sandi", PASSWORD)
    ani.tick("Saya telah membaca")
    ani.press("Daftar")
    ani.sees(ANI[1])
    mail = post_office.wait_for(ANI[1], "verifikasi")
    ani.visit(link_in(mail, "/verifikasi/"))
    ani.press("Verifikasi email saya")
    ani.log_in(ANI[1], PASSWORD)


def search(ani: Person) -> None:
    """Step 2: look first whether the answer is there already."""
    ani.visit("/")


def ask(ani: Person) -> str:
    """Step 3 a: open a consultation of one of four kinds."""
    ani.visit("/konsultasi/baru")
    ani.tick("Data")
    ani.fill("Subjek", SUBJECT)
    ani.press("Lanjut")
    ani.fill("Wilayah", "Kecamatan Wanadadi")
    ani.fill("Tahun", "2020–2025")
    ani.fill("Uraian", "Saya memerlukan jumlah penduduk menurut umur.")
    ani.press("Ajukan konsultasi")
    ani.sees_title(SUBJECT)
    ani.sees("urutan ke-1")
    return ani.page.url.rsplit("/", 1)[-1]


def converse(ani: Person, budi: Person, number: str) -> None:
    """Step 3 b to d: queue, conversation, the information asked for."""
    budi.visit("/petugas")
    budi.sees(SUBJECT)
    budi.follow(SUBJECT)
    budi.press("Ambil")
    ani.sees("Budi Santoso")
    budi.fill("Pesan", "Apakah menurut kelompok umur lima tahunan?")
    budi.press("Kirim")
    ani.sees("Apakah menurut kelompok umur lima tahunan?")
    ani.fill("Pesan", "Ya, lima tahunan.")
    ani.press("Kirim")
    budi.sees("Ya, lima tahunan.")
    budi.fill("Pesan", "Datanya ada di publikasi Kecamatan Wanadadi Dalam Angka.")
    budi.press("Kirim")
    ani.sees("Kecamatan Wanadadi Dalam Angka")


def close(ani: Person, budi: Person) -> None:
    """Step 4: the officer closes the conversation."""
    budi.press("Tutup konsultasi")
    budi.sees("Selesai")
    ani.sees("Ditutup")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_nine_steps(
    size: str,
    script: bool,
    someone: Callable[..., Person],
    post_office: PostOffice,
) -> None:
    ani, budi = someone(size, script), someone(size, script).log_in("budi")

    register(ani, post_office)
    search(ani)
    number = ask(ani)
    converse(ani, budi, number)
    close(ani, budi)
