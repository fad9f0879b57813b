"""The nine steps of the service standard, on the screen, by named people."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Person
from tests.post_office import PostOffice, link_in, text_of
from tests.processes import Service

ANI = ("Ani Kusuma", "ani@contoh.test")
PASSWORD = "belajar-statistik-2026"
SUBJECT = "Jumlah penduduk Kecamatan Wanadadi"
ANSWER = "Datanya ada di publikasi Kecamatan Wanadadi Dalam Angka."
QUESTION = "Di mana jumlah penduduk Kecamatan Wanadadi menurut umur?"


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
    ani.sees("Email Anda sudah terverifikasi.")


def search(ani: Person) -> None:
    """Step 2: look first whether the answer is there already; here it is not."""
    ani.visit("/")
    ani.fill("Cari", SUBJECT)
    ani.press("Cari")
    ani.follow("Ajukan konsultasi")


def ask(ani: Person) -> str:
    """Step 3 a: open a consultation of one of four kinds."""
    ani.tick("Data")  # the subject is what was searched for
    ani.press("Lanjut")
    ani.sees_title("Mungkin ini yang Anda cari")
    ani.follow("Tidak, ajukan konsultasi")
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
    budi.send("Pengguna")
    ani.sees("Apakah menurut kelompok umur lima tahunan?")
    ani.fill("Pesan", "Ya, lima tahunan.")
    ani.press("Kirim")
    budi.sees("Ya, lima tahunan.")
    budi.fill("Pesan", ANSWER)
    budi.send("Pengguna")
    ani.sees(ANSWER)
    budi.sees(ANSWER)


def close(ani: Person, budi: Person) -> None:
    """Step 4: the officer closes the conversation."""
    budi.press("Tutup konsultasi")
    budi.sees("Selesai")
    ani.sees("Ditutup")


def learn(budi: Person, rina: Person, visitor: Person) -> None:
    """Step 5: the final answer becomes an article, which the next one finds."""
    message = budi.page.get_by_role("listitem").filter(has_text=ANSWER)
    message.locator(".marks summary").click()
    message.get_by_role("button", name="Jawaban final", exact=True).click()
    budi.follow("Buat artikel")
    budi.fill("Judul", QUESTION)
    budi.press("Simpan draf")
    budi.press("Ajukan tinjauan")
    rina.visit("/petugas/artikel?keadaan=review")
    rina.follow(QUESTION)
    rina.press("Terbitkan")
    visitor.visit("/")
    visitor.fill("Cari", "penduduk wanadadi")
    visitor.press("Cari")
    visitor.follow(QUESTION)
    visitor.sees(ANSWER)


def rate(visitor: Person, post_office: PostOffice) -> None:
    """Step 6: a rating, by the link in the mail, without logging in."""
    mail = post_office.wait_for(ANI[1], "penilaian")
    visitor.visit(link_in(mail, "/nilai/"))
    visitor.tick("2")
    visitor.fill("Apa yang sudah baik", "Jawabannya lama dan belum rinci.")
    visitor.press("Kirim penilaian")
    visitor.sees("Penilaian Anda")
    post_office.wait_for(ANI[1], "masukan Anda")


def follow_up(budi: Person, post_office: PostOffice) -> None:
    """Step 7: the officer writes to the user, and closes the follow-up."""
    budi.visit("/petugas/tindak-lanjut")
    budi.follow(SUBJECT)
    if budi.shows("button", "Ambil"):
        budi.press("Ambil")
    budi.follow("Tulis email tindak lanjut")
    budi.fill("Isi", "Mohon maaf atas keterlambatan kami. Tabel rinci kami kirim.")
    budi.press("Pratinjau")
    budi.press("Kirim tindak lanjut")
    mail = post_office.wait_for(ANI[1], "tindak lanjut masukan")
    assert "Tabel rinci kami kirim." in text_of(mail)
    budi.open("Tutup tindak lanjut")
    budi.fill("Apa yang telah dilakukan", "Tabel rinci dikirim melalui email.")
    budi.press("Tutup tindak lanjut")
    budi.sees("Tabel rinci dikirim melalui email.")


def report(
    budi: Person, hasan: Person, post_office: PostOffice, service: Service
) -> None:
    """Steps 8 and 9: the analysis of the month, sent to the head, who approves it."""
    service.at("2026-04-01 09:00+07:00")
    budi.log_in("budi").visit("/petugas/laporan")
    budi.press("Susun laporan")
    budi.fill("Ringkasan", "Satu konsultasi, dijawab tepat waktu, dinilai 2.")
    budi.fill("Temuan", "Jawaban perlu lebih rinci.")
    budi.press("Simpan draf")
    budi.sees("Tersimpan pukul")
    budi.press("Pratinjau dan kirim")
    budi.press("Kirim ke Ketua Tim")
    mail = post_office.wait_for("hasan@contoh.test", "laporan")
    hasan.visit(link_in(mail, "/ketua/laporan/"))
    hasan.log_in_here("hasan")
    hasan.sees("Jawaban perlu lebih rinci.")
    hasan.press("Setujui")
    hasan.sees("Disetujui")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_nine_steps(
    size: str,
    script: bool,
    someone: Callable[..., Person],
    post_office: PostOffice,
    service: Service,
    workers: None,
) -> None:
    ani, visitor = someone(size, script), someone(size, script)
    budi, rina, hasan = (someone(size, script) for _ in range(3))

    register(ani, post_office)
    search(ani)
    number = ask(ani)
    converse(ani, budi.log_in("budi"), number)
    close(ani, budi)
    learn(budi, rina.log_in("rina"), visitor)
    rate(visitor, post_office)
    follow_up(budi, post_office)
    for person in (ani, budi, rina, visitor):
        person.leave()
    report(budi, hasan, post_office, service)
