"""From a low rating to the report that the head returns once and then approves."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Person
from tests.browser.steps import SITI, consult, follow_up, rate_low
from tests.people import email_of
from tests.post_office import PostOffice, link_in, text_of
from tests.processes import Service

HASAN, BUDI = email_of("hasan"), email_of("budi")


def answer_and_close(reader: Person, budi: Person, post_office: PostOffice) -> None:
    """The user answers the follow-up's mail, and the officer closes it."""
    mail = post_office.wait_for(SITI, "Tindak lanjut masukan")
    reader.visit(link_in(mail, "/tindak-lanjut/"))
    reader.fill("Tanggapan Anda", "Terima kasih, sekarang jelas.")
    reader.press("Kirim")
    reader.sees("Tanggapan Anda sudah kami terima")
    budi.page.reload()
    budi.page.get_by_text("Tutup tindak lanjut").first.click()
    budi.fill("Apa yang telah dilakukan", "Penjelasan dilengkapi.")
    budi.press("Tutup tindak lanjut")
    budi.sees("Yang telah dilakukan")


def write_report(budi: Person) -> None:
    """The clock has drafted March; Budi takes it, writes, and quotes the comment."""
    budi.visit("/petugas/laporan")
    budi.follow("Maret 2026")
    budi.press("Ambil")
    budi.fill("Ringkasan", "Satu konsultasi, dinilai 2.")
    budi.sees("Tersimpan pukul")
    budi.fill("Temuan", "Jawaban perlu lebih rinci.")
    budi.press("Simpan draf")
    budi.sees("Tersimpan pukul")
    budi.press("Tentukan tema dan kutipan")
    budi.choose("Tema", "Kejelasan jawaban")
    budi.tick("Kutip dalam laporan")
    budi.press("Simpan")
    budi.sees("Tema umpan balik tersimpan.")


def send_report(budi: Person) -> None:
    budi.press("Pratinjau dan kirim")
    budi.sees("“Jawabannya terlalu singkat.”")
    budi.press("Kirim ke Ketua Tim")
    budi.sees("Laporan terkirim ke Ketua Tim.")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_returned_report_is_sent_again_and_approved(
    size: str,
    someone: Callable[..., Person],
    post_office: PostOffice,
    service: Service,
    workers: None,
) -> None:
    siti, reader, hasan = someone(size), someone(size), someone(size)
    budi = someone(size).log_in("budi")

    consult(siti.log_in("siti"), budi)
    rate_low(reader, post_office)
    follow_up(budi, post_office)
    answer_and_close(reader, budi, post_office)

    for person in (siti, budi, reader):
        person.leave()
    service.at("2026-04-01 09:00+07:00")
    service.flask("jobs", "run", "draft_monthly")  # its hour comes in real time
    budi.log_in("budi")
    post_office.wait_for(BUDI, "Draf laporan: Maret 2026")
    write_report(budi)
    send_report(budi)

    mail = post_office.wait_for(HASAN, "Laporan: ")
    [letter] = mail.iter_attachments()
    assert letter.get_content_type() == "application/pdf"
    assert letter.get_content().startswith(b"%PDF")
    hasan.visit(link_in(mail, "/ketua/laporan/")).log_in_here("hasan")
    hasan.sees("Penjelasan dilengkapi.")
    hasan.open("Kembalikan untuk diperbaiki")
    hasan.fill("Yang perlu diperbaiki", "Tambahkan rekomendasi.")
    hasan.press("Kembalikan")
    hasan.sees("Laporan dikembalikan kepada petugas.")

    returned = post_office.wait_for(BUDI, "Dikembalikan: ")
    assert "Tambahkan rekomendasi." in text_of(returned)
    budi.visit(link_in(returned, "/petugas/laporan/"))
    budi.press("Susun versi perbaikan")
    budi.sees("Tambahkan rekomendasi.")
    budi.fill("Rekomendasi", "Menulis artikel tentang garis kemiskinan.")
    send_report(budi)  # at once: the button itself stores what was typed

    hasan.visit(link_in(post_office.wait_for(HASAN, "v2"), "/ketua/laporan/"))
    hasan.sees("Menulis artikel tentang garis kemiskinan.")
    hasan.press("Setujui")
    hasan.sees("Laporan disetujui.")
    post_office.wait_for(BUDI, "disetujui")
