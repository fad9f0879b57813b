"""How one writes in a conversation: the Enter key, quotes, pictures, corrections."""

import base64
import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.browser.steps import forgive, send, stored
from tests.browser.talking.steps import LONG, UNFOCUS, answer, begin
from tests.processes import Service, wait_until

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
    "RU5ErkJggg=="
)


def test_enter_sends_where_its_user_wants_that(
    service: Service, someone: Callable[..., Person]
):
    siti, budi = someone(), someone()
    begin(siti, budi)
    area = siti.page.locator("#composer textarea")
    area.fill("Satu")
    area.press("Enter")
    area.type("dua")
    area.press("Control+Enter")
    expect(siti.page.locator("#thread .msg.mine").last).to_contain_text("Satu\ndua")

    siti.tick("Enter mengirim")
    siti.page.reload()
    area.fill("Tiga")
    area.press("Shift+Enter")
    area.type("empat")
    area.press("Enter")

    expect(siti.page.locator("#thread .msg.mine").last).to_contain_text("Tiga\nempat")
    expect(area).to_have_value("")


def test_enter_sends_an_officers_answer_by_the_same_wish(
    service: Service, someone: Callable[..., Person]
):
    siti, budi = someone(), someone()
    begin(siti, budi)
    area = budi.page.locator("#composer textarea")
    area.fill("Tahun berapa?")
    area.press("Enter")
    expect(area).to_have_value("Tahun berapa?\n")
    budi.tick("Enter mengirim")
    budi.page.reload()
    expect(area).to_have_value("Tahun berapa?\n")

    # While a canned answer is chosen, Enter takes that.
    area.fill("/")
    expect(budi.page.locator("[data-slash] li").first).to_be_visible()
    area.press("Enter")
    expect(area).not_to_have_value(re.compile("^/?$"))
    expect(budi.page.locator("#thread .msg.mine")).to_have_count(0)
    area.fill("Tahun berapa?")
    area.press("Shift+Enter")
    area.type("Desa mana?")
    area.press("Enter")

    mine = budi.page.locator("#thread .msg.mine:not(.pending)")
    expect(mine).to_contain_text("Tahun berapa?\nDesa mana?")
    area.fill("Dan umur berapa?")
    area.press("Control+Enter")
    expect(mine).to_have_count(2)
    expect(budi.page.locator("#thread .msg.mine")).to_have_count(2)


def test_a_quote_waits_with_the_words_that_are_not_sent(
    service: Service, someone: Callable[..., Person]
):
    siti, budi = someone("phone"), someone()
    begin(siti, budi)
    answer(budi, "Untuk tahun berapa?")
    answer(budi, "Untuk desa mana?")
    siti.sees("Untuk desa mana?")
    quoting = siti.page.locator("[data-quoting]")
    siti.fill("Pesan", "Untuk 2025.")
    siti.page.locator("#thread .msg:not(.mine) [data-quote]").first.click()
    expect(quoting).to_contain_text("Untuk tahun berapa?")

    siti.page.reload()
    expect(quoting).to_contain_text("Untuk tahun berapa?")
    siti.follow("Batal mengutip")
    siti.page.reload()
    expect(siti.page.locator("#composer textarea")).to_have_value("Untuk 2025.")
    expect(quoting).to_be_hidden()
    siti.page.locator("#thread .msg:not(.mine) [data-quote]").first.click()
    siti.page.reload()
    siti.press("Kirim")

    mine = siti.page.locator("#thread .msg.mine:not(.pending)").last
    expect(mine.locator(".quoted")).to_contain_text("Untuk tahun berapa?")
    siti.page.reload()
    expect(quoting).to_be_hidden()


def test_on_a_phone_the_composer_is_one_line_until_it_is_used(
    service: Service, someone: Callable[..., Person]
):
    siti, budi = someone("phone"), someone()
    siti.page.set_viewport_size({"width": 360, "height": 640})
    begin(siti, budi)
    answer(budi, LONG)
    siti.page.reload()
    composer, files = siti.page.locator("#composer"), siti.page.locator(".files")
    height = "element => element.offsetHeight"
    expect(files).to_be_hidden()
    assert composer.evaluate(height) < 640 / 8
    expect(siti.page.get_by_role("button", name="Kirim")).to_be_in_viewport()

    siti.page.locator("#composer textarea").focus()
    expect(files).to_be_visible()
    siti.page.locator("#composer textarea").blur()
    expect(files).to_be_visible()
    siti.page.mouse.move(180, 200)
    siti.page.mouse.wheel(0, -300)
    expect(files).to_be_hidden()

    siti.fill("Pesan", "Untuk 2025.")
    siti.page.reload()
    expect(siti.page.locator("#composer textarea")).to_have_value("Untuk 2025.")
    expect(files).to_be_visible()


def test_a_picture_is_taken_from_the_clipboard_and_a_table_stays_text(
    service: Service, someone: Callable[..., Person]
):
    siti, budi = someone(), someone()
    begin(siti, budi)
    area = siti.page.locator("#composer textarea")
    paste = """(area, [bytes, text]) => {
      const data = new DataTransfer();
      const options = {type: "image/png"};
      data.items.add(new File([new Uint8Array(bytes)], "image.png", options));
      if (text) data.setData("text/plain", text);
      const event = new ClipboardEvent("paste",
        {clipboardData: data, bubbles: true, cancelable: true});
      area.dispatchEvent(event);
    }"""
    area.evaluate(paste, [list(PIXEL), "1\t2"])
    expect(siti.page.locator(".uploads li")).to_have_count(0)

    area.evaluate(paste, [list(PIXEL), ""])
    expect(siti.page.locator(".uploads li")).to_contain_text("tempelan.png")
    expect(siti.page.locator(".uploads [data-state=done]")).to_have_count(1)
    siti.press("Kirim")

    expect(siti.page.locator("#thread .msg.mine .file").last).to_contain_text(
        "tempelan"
    )
    camera = siti.page.locator("#composer input[capture]")
    assert camera.get_attribute("accept") == "image/*"
    camera.evaluate("element => element.focus()")
    expect(camera).not_to_be_focused()  # out of sight on a desktop


def test_a_message_is_quoted_and_corrected(
    service: Service, someone: Callable[..., Person]
):
    siti, budi = someone("phone"), someone()
    begin(siti, budi)
    answer(budi, "Untuk tahun berapa?")
    siti.sees("Untuk tahun berapa?")
    siti.page.locator("#thread .msg:not(.mine) [data-quote]").last.click()
    expect(siti.page.locator("[data-quoting]")).to_contain_text("Untuk tahun berapa?")
    send(siti, "Untuk 2052.")
    expect(siti.page.locator("[data-quoting]")).to_be_hidden()
    mine = siti.page.locator("#thread .msg.mine:not(.pending)").last
    expect(mine.locator(".quoted")).to_contain_text("Untuk tahun berapa?")
    stored(siti, "Untuk 2052.")

    # Budi has it below in his window, and has not looked.
    budi.page.evaluate(f"{UNFOCUS}; 0")
    budi.page.reload()
    siti.page.get_by_role("link", name="Perbaiki").last.click()
    siti.fill("Pesan", "Untuk 2025.")
    siti.press("Simpan perbaikan")
    siti.sees("diperbaiki")
    budi.sees("Untuk 2025.")
    expect(budi.page.get_by_text("Untuk 2052.")).to_have_count(0)


def test_a_correction_of_what_was_read_is_refused_with_the_words_kept(
    service: Service, someone: Callable[..., Person]
):
    siti, budi = someone(), someone()
    begin(siti, budi)
    send(siti, "Untuk 2052.")
    stored(siti, "Untuk 2052.")
    siti.page.get_by_role("link", name="Perbaiki").last.click()
    siti.sees_title("Perbaiki pesan")
    budi.sees("Untuk 2052.")
    expect(budi.page.locator("#thread")).not_to_have_attribute("data-upto", "0")
    wait_until(
        lambda: (
            int(budi.page.locator("#thread").get_attribute("data-upto") or 0)
            >= max(
                int((each.get_attribute("id") or "message-0").removeprefix("message-"))
                for each in budi.page.locator("#thread > [id^=message-]").all()
            )
        ),
        "Budi has read it",
    )

    siti.fill("Pesan", "Untuk 2025.")
    siti.press("Simpan perbaikan")
    siti.sees("sudah dibaca")
    forgive(siti)
    siti.press("Kirim sebagai pesan baru")

    siti.sees("Untuk 2025.")
    siti.sees("Untuk 2052.")


def test_what_was_said_of_an_answer_is_not_said_of_the_next(
    service: Service, someone: Callable[..., Person]
):
    siti, budi = someone("phone"), someone()
    begin(siti, budi)
    boxes = budi.page.locator("#composer .next input[type=checkbox]")
    budi.tick("Data yang diminta tidak tersedia")

    answer(budi, "Angka per desa belum terbit.")

    expect(boxes).to_have_count(2)
    for box in boxes.all():
        expect(box).not_to_be_checked()
