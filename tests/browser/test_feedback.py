"""A low rating, its acknowledgement, the follow-up mail, the answer and the closing."""

from collections.abc import Callable

from tests.browser.conftest import Person
from tests.people import email_of
from tests.processes import PostOffice, link_in, text_of

SUBJECT = "Konsep garis kemiskinan"
SITI = email_of("siti")


def consult(siti: Person, budi: Person) -> None:
    """A short consultation, which Budi closes."""
    siti.visit("/konsultasi/baru?jenis=metadata")
    siti.fill("Subjek", SUBJECT)
    siti.fill("Konsep atau variabel", "Garis kemiskinan")
    siti.fill("Uraian", "Apa bedanya dengan pendapatan?")
    siti.press("Ajukan konsultasi")
    siti.sees_title(SUBJECT)
    budi.visit("/petugas")
    budi.follow(SUBJECT)
    budi.press("Ambil")
    budi.fill("Pesan", "Silakan baca catatan teknisnya.")
    budi.press("Kirim dan tunggu pengguna")
    siti.sees("Silakan baca catatan teknisnya.")
    budi.press("Tutup konsultasi")
    budi.sees("Selesai")


def rate_low(reader: Person, post_office: PostOffice) -> None:
    """Step 6: from the mail, by somebody who is not signed in."""
    mail = post_office.wait_for(SITI, "mohon penilaian")
    reader.visit(link_in(mail, "/nilai/"))
    reader.press("Kirim penilaian")
    reader.sees("Pilih salah satu jawaban.")
    reader.complaints.clear()  # the browser's own word about a refused form
    reader.tick("2 Tidak puas")
    reader.fill("Apa yang sudah baik", "Jawabannya terlalu singkat.")
    reader.press("Kirim penilaian")
    reader.sees("Penilaian Anda tersimpan")
    reader.sees("TL-2026-000001")


def answer_survey(reader: Person) -> None:
    reader.follow("Isi survei")
    radios = reader.page.get_by_role("radio")
    for question in range(9):
        radios.nth(4 * question + 2).check()
    reader.press("Kirim survei")
    reader.sees("Jawaban survei Anda tersimpan")


def follow_up(budi: Person, post_office: PostOffice) -> None:
    """Step 7: the officer writes to the user."""
    assert "TL-2026-000001" in text_of(post_office.wait_for(SITI, "masukan"))
    post_office.wait_for(email_of("budi"), "TL-2026-000001")
    budi.visit("/petugas/tindak-lanjut")
    budi.follow(SUBJECT)
    budi.press("Ambil")
    budi.follow("Tulis email tindak lanjut")
    budi.choose("Templat", "Jawaban kurang lengkap")
    budi.press("Sisipkan templat")
    budi.sees("[tulis keterangan]")
    budi.press("Pratinjau")
    budi.sees("belum diganti atau dihapus")
    budi.complaints.clear()
    budi.fill("Isi email", "Garis kemiskinan dihitung dari pengeluaran.")
    budi.press("Pratinjau")
    budi.sees("Menindaklanjuti masukan Anda")
    budi.press("Kirim tindak lanjut")
    budi.sees("Tindak lanjut dikirim.")


def test_a_low_rating_is_followed_up_without_scripts(
    someone: Callable[..., Person], post_office: PostOffice, workers: None
) -> None:
    siti = someone("phone", script=False).log_in("siti")
    budi = someone("phone", script=False).log_in("budi")
    reader = someone("phone", script=False)

    consult(siti, budi)
    rate_low(reader, post_office)
    answer_survey(reader)
    follow_up(budi, post_office)
    mail = post_office.wait_for(SITI, "Tindak lanjut masukan")
    assert "dihitung dari pengeluaran" in text_of(mail)
    reader.visit(link_in(mail, "/tindak-lanjut/"))
    reader.fill("Tanggapan Anda", "Terima kasih, sekarang jelas.")
    reader.press("Kirim")
    reader.sees("Tanggapan Anda sudah kami terima")

    budi.page.reload()
    budi.sees("Terima kasih, sekarang jelas.")
    budi.page.get_by_text("Tutup tindak lanjut").first.click()
    budi.fill("Apa yang telah dilakukan", "Penjelasan dilengkapi.")
    budi.press("Tutup tindak lanjut")
    budi.sees("Yang telah dilakukan")


def test_the_conversation_offers_the_rating(someone: Callable[..., Person]) -> None:
    siti, budi = someone("phone").log_in("siti"), someone().log_in("budi")
    consult(siti, budi)
    siti.sees("Seberapa puas Anda dengan pelayanan kami?")

    siti.follow("5 Sangat puas")
    siti.press("Kirim penilaian")
    siti.sees("Penilaian Anda tersimpan")
    siti.visit("/konsultasi")
    siti.follow(SUBJECT)

    siti.sees("Penilaian Anda:")
