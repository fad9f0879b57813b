"""Browsers that lack what newer ones have, or get only a part of the page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Person
from tests.browser.steps import SUBJECT, ask, forgive, kept, send, stored

Someone = Callable[..., Person]

# As Chrome 86, Firefox 90 and Safari 15 are, and some before them.
OLD = """
(() => {
  const Whole = window.FormData;
  window.FormData = class FormData extends Whole {
    constructor(form) { if (form) super(form); else super(); }
  };
  for (const [owner, name] of [
    [SubmitEvent.prototype, "submitter"], [HTMLFormElement.prototype, "requestSubmit"],
    [HTMLDialogElement.prototype, "showModal"], [HTMLDialogElement.prototype, "close"],
    [Element.prototype, "replaceChildren"],
    [DocumentFragment.prototype, "replaceChildren"],
    [Element.prototype, "moveBefore"], [Document.prototype, "startViewTransition"],
    [Array.prototype, "at"], [Array.prototype, "findLast"], [Object, "hasOwn"],
    [Crypto.prototype, "randomUUID"], [window, "structuredClone"],
    [window, "IntersectionObserver"],
  ]) delete owner[name];
})();
"""
DENIED = """
Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("denied", "SecurityError"); },
});
"""
ABSENT = 'Object.defineProperty(window, "localStorage", { value: null });'
# Room for one message, not for a second.
FULL = """
(() => {
  const write = Storage.prototype.setItem;
  Storage.prototype.setItem = function setItem(name, text) {
    if (text.length > 500) throw new DOMException("full", "QuotaExceededError");
    write.call(this, name, text);
  };
})();
"""


def old(person: Person, *more: str) -> Person:
    """Take away from this person's browser what older ones do not have."""
    for script in (OLD, *more):
        person.page.context.add_init_script(script)
    return person


@pytest.fixture
def asker(someone: Someone) -> Person:
    siti = someone("phone", script=False).log_in("siti")
    ask(siti)
    siti.sees("urutan ke-1")
    return siti


def serve(budi: Person) -> Person:
    budi.visit("/petugas").follow(SUBJECT)
    budi.press("Ambil")
    budi.sees("Siapa berikutnya?")
    return budi


def test_the_pressed_button_is_sent_by_hand(asker: Person, someone: Someone):
    budi = serve(old(someone()).log_in("budi"))

    budi.fill("Pesan", "Mohon ditunggu.")
    budi.send("Saya")
    stored(budi, "Mohon ditunggu.")
    expect(budi.page.locator("#state")).not_to_contain_text("Menunggu pengguna")

    budi.fill("Pesan", "Jumlahnya 31.000 jiwa.")
    budi.send("Selesai")
    stored(budi, "Jumlahnya 31.000 jiwa.")
    expect(budi.page.locator("#thread .badge.good")).to_have_text("Jawaban final")

    budi.fill("Pesan", "Sama-sama.")
    budi.send("Selesai", closes=True)
    budi.sees("Selesai")


def test_enter_and_the_keyboard_press_a_button_too(asker: Person, someone: Someone):
    budi = serve(old(someone()).log_in("budi"))

    budi.fill("Pesan", "Tahun berapa?")
    budi.page.keyboard.press("Control+Enter")
    stored(budi, "Tahun berapa?")
    budi.sees("Menunggu pengguna")

    budi.page.locator("h1").click()
    budi.page.keyboard.press("?")
    sheet = budi.page.locator("#keys")
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="Tutup").click()
    expect(sheet).to_be_hidden()


def test_another_kind_is_asked_for_and_not_filed(someone: Someone):
    siti = old(someone("phone")).log_in("siti")
    siti.visit(f"/konsultasi/baru?jenis=data&subjek={SUBJECT}")
    siti.fill("Uraian", "Menurut umur, tolong.")

    siti.open("Ganti jenis konsultasi")
    siti.press("Metadata")

    siti.sees_title("Konsultasi Metadata")
    expect(siti.page.get_by_label("Uraian")).to_have_value("Menurut umur, tolong.")


def test_enter_in_a_field_files_the_request(someone: Someone):
    siti = someone("phone").log_in("siti")
    siti.visit(f"/konsultasi/baru?jenis=data&subjek={SUBJECT}")
    siti.fill("Wilayah", "Kecamatan Wanadadi")
    siti.fill("Tahun", "2020–2025")
    siti.fill("Uraian", "Menurut umur, tolong.")

    siti.page.get_by_label("Tahun").press("Enter")

    siti.sees("urutan ke-1")


def test_a_refused_request_says_what_is_wrong_with_it(someone: Someone):
    """The button goes along when the browser itself sends the form again."""
    siti = old(someone("phone")).log_in("siti")
    siti.visit(f"/konsultasi/baru?jenis=data&subjek={SUBJECT}")

    siti.press("Ajukan konsultasi")

    siti.sees("Uraian wajib diisi.")
    assert "Tombol yang Anda tekan" not in siti.page.content()
    forgive(siti)


@pytest.mark.parametrize("storage", [DENIED, ABSENT], ids=["denied", "absent"])
def test_without_storage_news_and_messages_still_come(
    someone: Someone, asker: Person, storage: str
):
    siti = old(someone("phone"), storage).log_in("siti")
    siti.visit(asker.page.url)
    siti.fill("Pesan", "Sebentar")
    siti.sees("Peramban ini tidak dapat menyimpan draf.")
    budi = serve(someone().log_in("budi"))
    budi.fill("Pesan", "Tahun berapa?")
    budi.send("Pengguna")

    siti.keys.press("Shift")  # after a quiet while a page asks again when one stirs
    siti.sees("Tahun berapa?")
    siti.page.context.set_offline(True)
    send(siti, "Tahun 2020.")
    siti.sees("tulisan Anda hanya ada di sini")
    send(siti, "Sampai 2025.")
    siti.page.context.set_offline(False)
    stored(siti, "Tahun 2020.")
    stored(siti, "Sampai 2025.")
    forgive(siti)


def test_with_a_full_storage_the_second_message_is_not_lost(
    someone: Someone, asker: Person
):
    siti = old(someone("phone"), FULL).log_in("siti")
    siti.visit(asker.page.url)
    siti.page.context.set_offline(True)
    send(siti, "Pertama.")
    siti.sees("Tulisan Anda tersimpan di perangkat ini.")
    second = "Kedua, dan panjang. " * 30
    send(siti, second)
    siti.sees("tulisan Anda hanya ada di sini")

    siti.page.context.set_offline(False)

    stored(siti, "Pertama.")
    expect(kept(siti.page, second.strip())).to_have_count(1)
    forgive(siti)


@pytest.mark.parametrize("kind", ["lost", "broken"])
def test_a_page_whose_script_does_not_run_says_so(
    someone: Someone, asker: Person, kind: str
):
    def spoil(route: Route) -> None:
        if kind == "lost":
            route.abort()
        else:
            route.fulfill(body="const new = #;", content_type="text/javascript")

    siti = someone("phone").log_in("siti")
    siti.page.context.route("**/static/pst.*.js", spoil)
    siti.visit(asker.page.url)
    siti.sees("Halaman ini tidak memperbarui diri")
    budi = serve(someone().log_in("budi"))
    budi.fill("Pesan", "Tahun berapa?")
    budi.send("Pengguna")
    budi.sees("Terkirim pukul")

    siti.follow("Pantau pesan baru")
    frame = siti.page.frame_locator("iframe[name=pantau]")
    expect(frame.get_by_text("Tahun berapa?")).to_be_visible()
    siti.follow("Muat ulang")
    siti.sees("Tahun berapa?")
    siti.fill("Pesan", "Tahun 2020.")
    siti.press("Kirim")
    siti.sees("Tahun 2020.")

    budi.page.context.route("**/static/pst.*.js", spoil)
    budi.visit(budi.page.url)
    budi.sees("Simpan draf")
    budi.visit("/petugas")
    budi.sees("Halaman ini tidak memperbarui diri")
    budi.follow("Muat ulang")
    budi.sees_title("Meja kerja")
    for person in (siti, budi):
        person.leave()
        person.complaints.clear()


def test_a_running_script_takes_the_way_without_it_away(
    someone: Someone, asker: Person
):
    siti = someone("phone").log_in("siti").visit(asker.page.url)

    expect(siti.page.locator(".unscripted")).to_have_count(0)
