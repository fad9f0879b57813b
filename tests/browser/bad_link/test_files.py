"""Files on a bad link: sent, kept, and asked for again."""

from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.browser.steps import forgive, send, stored
from tests.processes import wait_until


def test_a_file_goes_up_and_its_picture_is_shown(siti: Person, tmp_path):
    picture = tmp_path / "peta.png"
    Image.effect_noise((300, 200), 50).save(picture)
    siti.page.locator("input[type=file]:not([capture])").set_input_files(picture)
    siti.sees("terunggah")
    send(siti, "Ini petanya.")

    stored(siti, "Ini petanya.")
    image = siti.page.get_by_alt_text("Pratinjau peta.png")
    wait_until(lambda: image.evaluate("i => i.naturalWidth"), "the preview")


def upload(person: Person, tmp_path) -> None:  # type: ignore[no-untyped-def]
    table = tmp_path / "tabel.csv"
    table.write_text("tahun,jumlah\n2025,31000\n")
    person.page.locator("input[type=file]:not([capture])").set_input_files(table)
    person.sees("terunggah")


def test_a_refused_message_keeps_its_file(siti: Person, tmp_path):
    upload(siti, tmp_path)
    send(siti, "x" * 10_001)
    siti.sees("Maksimal 10.000 karakter")
    expect(siti.page.locator(".uploads li")).to_contain_text("tabel.csv")

    send(siti, "Lebih pendek.")

    stored(siti, "Lebih pendek.")
    expect(siti.page.locator("#thread").get_by_text("tabel.csv")).to_be_visible()
    forgive(siti)


def test_an_uploaded_file_survives_a_reload(siti: Person, tmp_path):
    upload(siti, tmp_path)
    siti.fill("Pesan", "Ini tabelnya.")
    siti.page.reload()
    expect(siti.page.locator(".uploads li")).to_contain_text("tabel.csv")

    siti.press("Kirim")

    stored(siti, "Ini tabelnya.")
    expect(siti.page.locator("#thread").get_by_text("tabel.csv")).to_be_visible()
    expect(siti.page.locator(".uploads li")).to_have_count(0)


def test_a_file_that_had_not_gone_up_is_asked_for_again(siti: Person, tmp_path):
    table = tmp_path / "tabel.csv"
    table.write_text("tahun,jumlah\n2025,31000\n")
    siti.page.route("**/lampiran", lambda route: route.abort())
    siti.page.locator("input[type=file]:not([capture])").set_input_files(table)
    siti.sees("belum terunggah, mencoba lagi")

    siti.page.reload()

    siti.sees("belum terunggah; pilih lagi berkasnya")
    forgive(siti)
