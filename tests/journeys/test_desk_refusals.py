"""What the desk and the upload take no part of: marks, pages and files out of place."""

import re
from io import BytesIO

import pytest

from tests.pages import Browser
from tests.steps import DESK, HTMX, MINE, PDF, ask, upload


def entries(browser: Browser, path: str) -> list[str]:
    return re.findall(r'id="message-(\d+)"', browser.get(path).text)


def mark(browser: Browser, path: str, chosen: str) -> int:
    return browser.post(f"{path}/tanda", {"mark": chosen}).status_code


def test_only_a_message_of_this_conversation_is_marked(
    served, siti: Browser, budi: Browser
):
    siti.post(f"{MINE}/pesan", {"body": "Untuk 2025.", "key": "s"})
    said = entries(budi, DESK)[-1]
    budi.post(f"{DESK}/catatan", {"body": "Catatan.", "key": "n"})
    event, note = entries(budi, DESK)[0], entries(budi, DESK)[-1]
    ask(siti, subject="Kedua")
    second = DESK.replace("000001", "000002")

    assert mark(budi, DESK, f"final {said}") == 303
    for id in (event, note, "99999"):
        assert mark(budi, DESK, f"final {id}") == 404
    assert mark(budi, second, f"final {said}") == 404
    for chosen in (f"lain {said}", "final x", "final", ""):
        assert mark(budi, DESK, chosen) == 400


@pytest.mark.parametrize("page", ["0", "-4", "x", "10001", "9" * 30])
def test_no_number_of_a_page_breaks_a_list(served, budi: Browser, page: str):
    assert budi.get(f"/petugas?keadaan=antrian&hal={page}").status_code == 200


def test_one_file_comes_at_a_time(served, siti: Browser):
    def send(*names: str) -> int:
        files = [(BytesIO(PDF), name) for name in names]
        return siti.post(
            f"{MINE}/lampiran",
            {"files": files, "key": "k"},
            content_type="multipart/form-data",
            headers=HTMX,
        ).status_code

    assert send() == 400
    assert send("a.pdf", "b.pdf") == 400
    assert send("a.pdf") == 201


def test_a_file_is_taken_from_who_may_write(
    served, siti: Browser, budi: Browser, rina: Browser, dewi: Browser, at
):
    def status(browser: Browser) -> int:
        return upload(browser, PDF, "a.pdf").status_code

    assert (status(siti), status(budi)) == (201, 201)
    assert (status(rina), status(dewi)) == (409, 404)
    siti.post(f"{MINE}/penutupan")
    assert (status(siti), status(budi)) == (201, 409), "a reply opens it again"

    at("2026-03-09 09:00:01+07:00")
    assert status(siti.log_in("siti")) == 409
