"""What people do in the browser: steps that several tests share."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Person
from tests.people import email_of
from tests.post_office import PostOffice, link_in, text_of

SUBJECT = "Jumlah penduduk Kecamatan Wanadadi"
SITI = email_of("siti")
POVERTY = "Konsep garis kemiskinan"
FORM = "/konsultasi/baru?jenis=data"
OLD = "Menurut umur, tolong."
WIDER = "document.documentElement.scrollWidth - innerWidth"


def ask(person: Person) -> None:
    person.visit(f"/konsultasi/baru?jenis=data&subjek={SUBJECT}")
    person.fill("Wilayah", "Kecamatan Wanadadi")
    person.fill("Tahun", "2020–2025")
    person.fill("Uraian", "Menurut umur, tolong.")
    person.press("Ajukan konsultasi")


def send(person: Person, text: str) -> None:
    person.fill("Pesan", text)
    person.press("Kirim")


def stored(person: Person, text: str) -> None:
    """Wait until `text` stands in the conversation as the server has it, once."""
    expect(kept(person.page, text)).to_have_count(1)
    expect(person.page.locator("#thread li.pending")).to_have_count(0)
    person.page.reload()
    expect(kept(person.page, text)).to_have_count(1)


def kept(page: Page, text: str):  # type: ignore[no-untyped-def]
    return page.locator("#thread li[id^=message-] .text").get_by_text(text, exact=True)


def forgive(person: Person) -> None:
    """Forget what the browser said about the link; anything else is a defect."""
    about_the_link = ("Failed to load resource", "htmx:error", "Failed to fetch")
    person.complaints[:] = [
        text
        for text in person.complaints
        if not any(words in text for words in about_the_link)
    ]


def consult(siti: Person, budi: Person) -> None:
    """A short consultation, which Budi closes."""
    siti.visit("/konsultasi/baru?jenis=metadata")
    siti.fill("Subjek", POVERTY)
    siti.fill("Konsep atau variabel", "Garis kemiskinan")
    siti.fill("Uraian", "Apa bedanya dengan pendapatan?")
    siti.press("Ajukan konsultasi")
    siti.sees_title(POVERTY)
    budi.visit("/petugas")
    budi.follow(POVERTY)
    budi.press("Ambil")
    budi.fill("Pesan", "Silakan baca catatan teknisnya.")
    budi.send("Pengguna")
    siti.sees("Silakan baca catatan teknisnya.")
    budi.press("Tutup konsultasi")
    budi.sees("Selesai")


def rate_low(reader: Person, post_office: PostOffice) -> None:
    """Step 6: from the mail, by someone who is not signed in."""
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


def follow_up(budi: Person, post_office: PostOffice) -> None:
    """Step 7: the officer writes to the user."""
    assert "TL-2026-000001" in text_of(post_office.wait_for(SITI, "masukan"))
    post_office.wait_for(email_of("budi"), "TL-2026-000001")
    budi.visit("/petugas/tindak-lanjut")
    budi.follow(POVERTY)
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


def fill_in(person: Person, path: str = FORM) -> None:
    person.visit(path)
    person.fill("Subjek", "Jumlah penduduk")
    person.fill("Wilayah", "Kecamatan Wanadadi")
    person.fill("Tahun", "2020–2025")
    person.fill("Uraian", OLD)


def field(person: Person, label: str):  # type: ignore[no-untyped-def]
    return person.page.get_by_label(label).filter(visible=True).first
