"""A low rating, its acknowledgement, the follow-up mail, the answer and the closing."""

from collections.abc import Callable

from tests.browser.conftest import Person
from tests.browser.steps import POVERTY, SITI, consult, follow_up, rate_low
from tests.post_office import PostOffice, link_in, text_of


def answer_survey(reader: Person) -> None:
    reader.follow("Isi survei")
    radios = reader.page.get_by_role("radio")
    for question in range(9):
        radios.nth(4 * question + 2).check()
    reader.press("Kirim survei")
    reader.sees("Jawaban survei Anda tersimpan")


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
    siti.follow(POVERTY)

    siti.sees("Penilaian Anda:")
