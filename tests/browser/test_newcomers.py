"""The newcomer's way from the search to the filed request, counted."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Request, expect

from tests.browser.conftest import Person
from tests.post_office import PostOffice, link_in

Someone = Callable[..., Person]
SUBJECT = "Jumlah penduduk menurut umur"
ADDRESS = "ani@contoh.test"
PASSWORD = "rumah-kecil-di-tepi-serayu"
MAX_LOADS, MAX_PASSWORDS = 6, 2


class Way:
    """Counts what a person goes through: pages that are shown, and passwords typed."""

    def __init__(self, person: Person) -> None:
        self.person, self.shown, self.passwords = person, [], 0
        person.page.on("response", self._count)

    def _count(self, response) -> None:  # type: ignore[no-untyped-def]
        request: Request = response.request
        if response.frame != self.person.page.main_frame:
            return  # what a page without scripts watches for news in
        is_page = request.is_navigation_request() or request.method == "POST"
        if is_page and response.status in (200, 422):
            self.shown.append(f"{request.method} {request.url}")

    def give_password(self) -> None:
        self.person.fill("Kata sandi", PASSWORD)
        self.passwords += 1


def write(ani: Person, way: Way) -> None:
    """From a search without an answer to a request that waits for the mailbox."""
    ani.visit("/cari?q=penduduk+umur+wanadadi")
    ani.follow("Ajukan konsultasi")
    ani.tick("Data")
    ani.fill("Subjek", SUBJECT)
    ani.press("Lanjut")
    ani.sees("Mungkin ini yang Anda cari")
    ani.fill("Uraian", "Untuk skripsi, tahun 2020 sampai 2025.")
    ani.fill("Wilayah", "Kecamatan Wanadadi")
    ani.fill("Tahun", "2020-2025")
    ani.fill("Nama lengkap", "Ani Suryani")
    ani.fill("Email", ADDRESS)
    ani.choose("Kategori instansi", "Perorangan")
    ani.fill("Instansi", "Perorangan")
    ani.choose("Pekerjaan", "Pelajar atau mahasiswa")
    way.give_password()
    ani.tick("Saya telah membaca")
    ani.press("Ajukan konsultasi")
    ani.sees("Permintaan Anda tersimpan")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_the_way_of_a_newcomer_is_short(
    someone: Someone, workers: None, post_office: PostOffice, script: bool
):
    ani = someone("phone", script=script)
    way = Way(ani)
    write(ani, way)

    ani.visit(link_in(post_office.wait_for(ADDRESS, "verifikasi"), "/verifikasi/"))
    ani.press("Verifikasi email saya")

    ani.sees("Nomor Anda KS-2026-000001")
    ani.sees("Untuk skripsi, tahun 2020 sampai 2025.")
    assert len(way.shown) <= MAX_LOADS, way.shown
    assert way.passwords <= MAX_PASSWORDS


def test_on_another_device_one_more_password_is_enough(
    someone: Someone, workers: None, post_office: PostOffice
):
    ani, phone = someone(), someone("phone")
    way = Way(ani)
    write(ani, way)
    mail = post_office.wait_for(ADDRESS, "verifikasi")

    there = Way(phone)
    phone.visit(link_in(mail, "/verifikasi/"))
    there.give_password()
    phone.press("Verifikasi email saya")

    phone.sees("Nomor Anda KS-2026-000001")
    assert way.passwords + there.passwords <= MAX_PASSWORDS
    assert len(way.shown) + len(there.shown) <= MAX_LOADS


def test_what_was_written_is_still_there_after_a_wrong_turn(someone: Someone):
    ani = someone("phone")
    ani.visit("/konsultasi/baru?jenis=metadata")
    ani.fill("Subjek", SUBJECT)
    ani.fill("Nama lengkap", "Ani Suryani")
    ani.press("Ajukan konsultasi")

    ani.sees("Belum terkirim. Periksa isian yang ditandai.")
    assert ani.page.get_by_label("Subjek").input_value() == SUBJECT
    assert ani.page.get_by_label("Nama lengkap").input_value() == "Ani Suryani"
    ani.complaints.clear()


def test_a_long_letter_pasted_at_the_first_step_goes_along_whole(someone: Someone):
    letter = "Menurut kecamatan 😀. " * 150 + "Sampai kalimat terakhir."
    ani = someone("phone")
    ani.visit("/konsultasi/baru")
    ani.tick("Data")
    ani.fill("Subjek", SUBJECT)
    ani.page.get_by_label("Uraian").click()

    ani.page.keyboard.insert_text(letter)
    ani.press("Lanjut")

    expect(ani.page.get_by_label("Nama lengkap")).to_be_visible()
    expect(ani.page.get_by_label("Uraian")).to_have_value(letter)
    ani.page.go_back()
    expect(ani.page.get_by_label("Uraian")).to_have_value(letter)


def test_a_long_letter_is_asked_for_where_it_is_kept_whole(someone: Someone):
    ani = someone("phone", script=False)
    ani.visit("/konsultasi/baru")
    ani.tick("Data")
    ani.fill("Subjek", SUBJECT)
    expect(ani.page.get_by_label("Uraian")).to_be_hidden()

    ani.press("Lanjut")

    letter = "Menurut kecamatan. " * 150
    ani.fill("Uraian", letter)
    expect(ani.page.get_by_label("Uraian")).to_have_value(letter)
