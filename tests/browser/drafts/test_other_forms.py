"""What was begun in other forms: a registration, a rating, an answer by a link."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.browser.steps import consult, field, forgive
from tests.post_office import PostOffice, link_in

Someone = Callable[..., Person]
SECRET = "gunung-dieng-pagi-hari"
EVERYTHING_KEPT = "JSON.stringify([{...localStorage}, {...sessionStorage}])"


def test_a_registration_without_a_link_keeps_all_but_the_password(someone: Someone):
    tuti = someone("phone").visit("/daftar")
    tuti.fill("Nama lengkap", "Tuti Alawiyah")
    tuti.fill("Email", "tuti@contoh.test")
    tuti.page.get_by_label("Kategori instansi").select_option(index=1)
    tuti.fill("Instansi", "Perorangan")
    tuti.page.get_by_label("Pekerjaan").select_option(index=1)
    tuti.fill("Kata sandi", SECRET)
    tuti.page.get_by_label("Saya telah membaca").check()
    tuti.page.context.set_offline(True)
    tuti.press("Daftar")
    tuti.sees("Coba lagi")
    kept = tuti.page.evaluate(EVERYTHING_KEPT)
    assert "Tuti Alawiyah" in kept
    assert SECRET not in kept

    tuti.page.context.set_offline(False)

    tuti.sees_title("Periksa email Anda")
    assert "Tuti Alawiyah" not in tuti.page.evaluate(EVERYTHING_KEPT)
    forgive(tuti)


def test_a_reloaded_registration_asks_for_the_password_alone(someone: Someone):
    tuti = someone("phone").visit("/daftar")
    tuti.fill("Nama lengkap", "Tuti Alawiyah")
    tuti.fill("Kata sandi", SECRET)

    tuti.page.reload()

    tuti.sees("dipulihkan")
    expect(field(tuti, "Nama lengkap")).to_have_value("Tuti Alawiyah")
    expect(field(tuti, "Kata sandi")).to_have_value("")
    other = tuti.page.context.new_page()  # someone else at the same device
    other.goto(tuti.url + "/daftar")
    expect(other.get_by_label("Nama lengkap")).to_have_value("")


def test_a_rating_without_a_link_is_sent_when_it_is_back(someone: Someone):
    siti, budi = someone("phone").log_in("siti"), someone().log_in("budi")
    consult(siti, budi)
    siti.follow("5 Sangat puas")
    siti.fill("Apa yang sudah baik", "Jelas dan cepat.")
    siti.page.reload()
    siti.sees("dipulihkan")
    siti.page.context.set_offline(True)
    siti.press("Kirim penilaian")
    siti.sees("Coba lagi")

    siti.page.context.set_offline(False)

    siti.sees("Penilaian Anda tersimpan")
    siti.sees("Jelas dan cepat.")
    forgive(siti)


def test_answers_by_mailed_links_survive_a_cut_link(
    someone: Someone, post_office: PostOffice, workers: None
):
    siti, budi = someone("phone").log_in("siti"), someone().log_in("budi")
    consult(siti, budi)
    reader = someone("phone")
    reader.visit(link_in(post_office.wait_for("siti", "mohon penilaian"), "/nilai/"))
    reader.tick("1")
    reader.press("Kirim penilaian")
    reader.follow("Tambahkan keterangan")
    reader.fill("Tanggapan Anda", "Saya masih menunggu tabelnya.")
    reader.page.reload()
    expect(field(reader, "Tanggapan Anda")).to_have_value(
        "Saya masih menunggu tabelnya."
    )
    reader.page.context.set_offline(True)
    reader.press("Kirim")
    reader.sees("Coba lagi")

    reader.page.context.set_offline(False)

    reader.sees("Tanggapan Anda sudah kami terima")
    reader.sees("Saya masih menunggu tabelnya.")
    expect(field(reader, "Tanggapan Anda")).to_have_value("")
    forgive(reader)
