"""What those get who hear the page, enlarge it, or use no mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Person
from tests.browser.steps import SUBJECT, WIDER, ask, send
from tests.processes import wait_until

Someone = Callable[..., Person]

# What a screen reader would say: texts that come into live parts of the page.
LISTEN = """
window.heard = [];
addEventListener("DOMContentLoaded", () => new MutationObserver((changes) => {
  for (const { target, addedNodes } of changes) {
    const at = target.nodeType === 1 ? target : target.parentElement;
    const live = at?.closest("[aria-live],[role=status],[role=log],[role=alert]");
    if (!live || live.getAttribute("aria-live") === "off") continue;
    for (const node of addedNodes) {
      const text = node.textContent.trim().replace(/\\s+/g, " ");
      if (text) window.heard.push(text);
    }
  }
}).observe(document.body, { childList: true, subtree: true, characterData: true }));
"""


def heard(person: Person, about: str = "") -> list[str]:
    texts: list[str] = person.page.evaluate("window.heard")
    return [text for text in texts if about in text]


@pytest.fixture
def siti(someone: Someone) -> Person:
    siti = someone("phone")
    siti.page.context.add_init_script(LISTEN)
    siti.log_in("siti")
    ask(siti)
    siti.sees("urutan ke-1")
    return siti


def test_each_message_is_heard_once_and_in_order(siti: Person, someone: Someone):
    budi = someone().log_in("budi").visit("/petugas")
    budi.follow(SUBJECT)
    budi.press("Ambil")
    siti.sees("Dilayani oleh")
    send(siti, "Kalimat dari Siti.")
    expect(siti.page.locator("#thread li.pending")).to_have_count(0)
    budi.sees("Kalimat dari Siti.")
    budi.fill("Pesan", "Jawaban pertama.")
    budi.send("Saya")
    budi.sees("Terkirim pukul")
    budi.fill("Pesan", "Jawaban kedua.")
    budi.send("Pengguna")
    siti.sees("Jawaban kedua.")

    wait_until(lambda: heard(siti, "Jawaban kedua."), "the second answer")
    assert len(heard(siti, "Kalimat dari Siti.")) == 1
    [first] = heard(siti, "Jawaban pertama.")
    [second] = heard(siti, "Jawaban kedua.")
    assert heard(siti).index(first) < heard(siti).index(second)
    assert first == "Budi Santoso: Jawaban pertama."


def test_a_poll_that_brings_nothing_is_not_heard(siti: Person):
    line = siti.page.locator("#heard")
    expect(line).to_contain_text("Terhubung")
    before = heard(siti)
    for _ in range(3):
        with siti.page.expect_response("**/pesan"):
            siti.page.evaluate(
                "document.querySelector('#thread').dispatchEvent(new Event('poll'))"
            )

    assert heard(siti) == before
    assert not heard(siti, "Terhubung")


def test_a_link_that_drops_is_heard_when_it_goes_and_when_it_comes(siti: Person):
    poll = "document.querySelector('#thread').dispatchEvent(new Event('poll'))"
    siti.page.context.set_offline(True)
    for _ in range(2):
        siti.page.evaluate(poll)
        siti.sees("Tidak terhubung sejak")
    siti.page.context.set_offline(False)
    siti.sees("Terhubung ·")

    assert len(heard(siti, "Tidak terhubung")) == 1
    assert len(heard(siti, "Terhubung kembali")) == 1
    siti.complaints.clear()


def test_suggestions_are_heard_as_a_count_and_only_when_it_changes(siti: Person):
    siti.visit("/")
    box = siti.page.get_by_label("Cari")
    for words in ("penduduk", "penduduk ", "penduduk  "):
        box.fill(words)
        expect(siti.page.locator("#saran a").first).to_be_visible()
    count = siti.page.locator("#saran a").count()
    wait_until(lambda: heard(siti, "hasil"), "the count")
    assert heard(siti) == [f"{count} hasil"]

    box.fill("")
    expect(siti.page.locator("#saran a")).to_have_count(0)
    expect(siti.page.locator("#hasil")).to_have_text("")
    assert heard(siti) == [f"{count} hasil"]


def test_no_part_that_is_fetched_again_is_read_out_whole(someone: Someone):
    """Each such part says what it is in a few words, in `data-heard`."""
    budi = someone().log_in("budi")
    for path in ("/", "/cari", "/petugas/pencarian"):
        budi.visit(path)
        live = budi.page.locator("[hx-get],[hx-target]").evaluate_all(
            """(all) => all.map((e) => e.getAttribute("hx-target")
                 ? document.querySelector(e.getAttribute("hx-target")) : e)
               .filter((e) => e?.closest("[aria-live]") && e.id !== "kabar")
               .map((e) => e.id)"""
        )
        assert live == [], path


FORMS = ["/daftar", "/masuk", "/konsultasi/baru", "/konsultasi/baru?jenis=data"]


def test_nothing_is_wrong_before_it_was_used(someone: Someone):
    stranger, siti = someone(), someone().log_in("siti")
    for person, path in zip([stranger, stranger, siti, siti], FORMS, strict=True):
        person.visit(path)
        assert invalid(person.page) == [], path


def invalid(page: Page) -> list[str]:
    """The fields that Chromium tells a screen reader are wrong."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [
        node["name"]["value"]
        for node in nodes
        for each in node.get("properties", [])
        if each["name"] == "invalid" and each["value"]["value"] != "false"
    ]


def test_what_is_wrong_is_tied_to_its_field(someone: Someone):
    stranger = someone().visit("/daftar")
    stranger.press("Daftar")
    stranger.sees("Persetujuan diperlukan")

    consent = stranger.page.get_by_label("Saya telah membaca")
    expect(consent).to_have_accessible_description(
        "Persetujuan diperlukan untuk membuat akun."
    )
    expect(consent).to_have_attribute("aria-invalid", "true")
    loose = stranger.page.locator(".error:not([id])")
    expect(loose).to_have_count(0)
    stranger.complaints.clear()


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_field_one_types_in_is_never_under_the_bar(someone: Someone, size: str):
    budi = someone(size).log_in("budi").visit("/petugas/laporan")
    budi.press("Susun laporan")
    budi.sees("Simpan draf")
    hidden = """() => {
      const bar = document.querySelector(".bar").getBoundingClientRect();
      const field = document.activeElement.getBoundingClientRect();
      return field.bottom > bar.top + 1 && field.top > bar.top - 24;
    }"""
    fields = budi.page.locator("#report :is(input,textarea):visible")
    assert fields.count() > 5
    for place in range(fields.count()):
        budi.page.keyboard.press("Tab")
        if budi.page.evaluate("document.activeElement.matches('input,textarea')"):
            assert not budi.page.evaluate(hidden), place
    for place in range(fields.count()):
        fields.nth(place).focus()
        assert not budi.page.evaluate(hidden), place


def test_single_letters_can_be_switched_off(siti: Person, someone: Someone):
    budi = someone().log_in("budi").visit("/petugas")
    keys = budi.page.keyboard

    keys.press("j")
    keys.press("a")
    expect(budi.page.get_by_role("button", name="Ambil").first).to_be_focused()
    budi.sees(SUBJECT)  # nothing was claimed
    keys.press("?")
    budi.page.get_by_label("Pakai tombol satu huruf").uncheck()
    keys.press("Escape")

    budi.page.reload()
    keys.press("g")
    keys.press("?")
    expect(budi.page.locator("#keys")).to_be_hidden()
    budi.press("Tombol papan ketik (?)")
    expect(budi.page.get_by_label("Pakai tombol satu huruf")).not_to_be_checked()


PAGES = {
    None: ["/", "/masuk", "/daftar", "/aksesibilitas", "/cari"],
    "siti": ["/konsultasi", "/konsultasi/baru", "/konsultasi/baru?jenis=data", "/akun"],
    "budi": ["/petugas", "/petugas/laporan", "/petugas/artikel", "/petugas/catat"],
}


DOUBLED = "document.documentElement.style.fontSize = '34px'"


def test_doubled_fonts_fit_on_a_phone(siti: Person, someone: Someone):
    hers = siti.page.url.removeprefix(siti.url)
    for name, paths in {**PAGES, "siti": [*PAGES["siti"], hers]}.items():
        person = someone("phone")
        if name:
            person.log_in(name)
        for path in paths:
            person.visit(path).page.evaluate(DOUBLED)
            assert person.page.evaluate(WIDER) <= 0, path


@pytest.mark.parametrize("path", ["/petugas/artikel", "/petugas"])
def test_the_current_choice_is_seen_in_colours_of_ones_own(someone: Someone, path: str):
    budi = someone().log_in("budi")
    budi.page.emulate_media(forced_colors="active")
    budi.visit(path)
    look = """part => {
      const look = getComputedStyle(part);
      return [look.backgroundColor, look.textDecorationLine, look.borderColor].join();
    }"""

    for group in budi.page.locator("nav:has([aria-current])").all():
        current = group.locator("[aria-current]").first.evaluate(look)
        other = group.locator("a:not([aria-current])").first.evaluate(look)
        assert current != other
