"""A key that comes with other words: nothing is stored twice, and no word is lost.

Two tabs, or an older state of the browser, can send one key with different contents.
"""

import re
from io import BytesIO
from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import Browser
from tests.journeys.mailbox import link_in
from tests.steps import CALL, DESK, MINE, PDF, ask, upload


def twice(browser: Browser, path: str, words: tuple[str, str], **more: str) -> None:
    """Send both words with one key, each twice: answers may be lost."""
    for body in (*words, *words):
        answer = browser.post(path, {"body": body, "key": "one-key", **more})
        assert answer.status_code == 303, answer.text


WORDS = ("Yang pertama ditulis.", "Yang lain lagi, dari tab kedua.")


def assert_each_once(page: str) -> None:
    for words in WORDS:
        assert page.count(words) == 1, words


def test_a_request_in_the_same_words_is_filed_once_while_it_is_open(siti):
    """Going back after filing, a browser fills in the words, with a new key."""
    first, again = ask(siti), ask(siti, key="another-key")
    assert first.location == again.location == MINE

    other = ask(siti, area="Banjarnegara")
    siti.post(f"{MINE}/pembatalan")
    after = ask(siti)
    assert len({MINE, other.location, after.location}) == 3


def test_a_user_loses_no_message(served, siti):
    twice(siti, f"{MINE}/pesan", WORDS)

    assert_each_once(siti.get(MINE).text)


@pytest.mark.parametrize("step", ["pesan", "catatan", "kejelasan"])
def test_an_officer_loses_no_message(served, budi, step):
    twice(budi, f"{DESK}/{step}", WORDS)

    assert_each_once(budi.get(DESK).text)


def test_a_note_is_not_taken_for_a_message_of_the_same_words(served, budi):
    budi.post(f"{DESK}/catatan", {"body": "Sudah ditelepon.", "key": "k"})
    budi.post(f"{DESK}/pesan", {"body": "Sudah ditelepon.", "key": "k"})

    assert budi.get(DESK).text.count("Sudah ditelepon.") == 2


def test_the_same_words_with_another_file_are_another_message(served, siti, budi):
    def send(content: bytes, name: str):
        file = (BytesIO(content), name)
        return siti.post(
            f"{MINE}/pesan",
            {"body": "Ini berkasnya.", "key": "k", "files": file},
            content_type="multipart/form-data",
        )

    for _ in range(2):
        assert send(PDF, "satu.pdf").status_code == 303
        assert send(PDF + b"lain", "dua.pdf").status_code == 303

    page = budi.get(DESK).text
    assert page.count("Ini berkasnya.") == 2
    assert page.count(">satu.pdf<") == page.count(">dua.pdf<") == 1


def test_an_upload_with_the_key_of_another_is_kept(served, siti):
    first = upload(siti, PDF, "satu.pdf").json["id"]
    again = upload(siti, PDF, "satu.pdf").json["id"]
    other = upload(siti, PDF + b"lain", "dua.pdf").json["id"]

    assert first == again != other


def test_a_file_goes_with_each_message_that_names_it(served, siti, budi):
    id = upload(siti, PDF, "satu.pdf").json["id"]
    for key, body in zip("abb", (*WORDS, WORDS[1]), strict=True):
        form = {"body": body, "key": key, "attachment": id}
        assert siti.post(f"{MINE}/pesan", form).status_code == 303

    page = budi.get(DESK).text
    assert page.count(">satu.pdf<") == 2
    assert_each_once(page)


def test_a_message_does_not_go_without_a_file_that_is_gone(served, siti):
    answer = siti.post(f"{MINE}/pesan", {"body": WORDS[0], "attachment": "999"})

    assert answer.status_code == 422
    assert "tidak lagi tersimpan di server" in answer.text
    assert WORDS[0] in answer.text


def test_a_reply_by_a_mailed_link_is_not_lost(answered, visitor, andi, budi):  # noqa: F811
    path = link_in(andi, "Petugas telah menulis", "/balas/")

    twice(visitor, path, WORDS)

    assert_each_once(budi.get(DESK).text)


def test_an_answer_to_a_follow_up_is_not_lost(low, visitor, budi):  # noqa: F811
    match = re.search(r'href="([^"]+)">Tambahkan keterangan', visitor.get(low).text)
    assert match
    path = urlsplit(match[1]).path

    twice(visitor, path, WORDS)

    assert_each_once(visitor.get(path).text)


def test_words_of_a_rating_are_not_replaced_unseen(link, visitor):  # noqa: F811
    stale = {"score": "4", "comment": WORDS[1], "seen": ""}
    visitor.post(link, {"score": "5", "comment": WORDS[0], "seen": ""})

    refused = visitor.post(link, stale)

    assert refused.status_code == 409
    assert WORDS[0] in refused.text and WORDS[1] in refused.text
    assert WORDS[1] not in visitor.get(link).text
    match = re.search(r'name="seen"[^>]*value="([^"]+)"', refused.text)
    assert match
    assert visitor.post(link, {**stale, "seen": match[1]}).status_code == 303
    assert WORDS[1] in visitor.get(link).text


def test_a_rating_sent_again_after_a_lost_answer_is_no_change(link, visitor):  # noqa: F811
    form = {"score": "5", "comment": WORDS[0], "seen": ""}

    assert visitor.post(link, form).status_code == 303
    assert visitor.post(link, form).status_code == 303


def test_two_visits_from_one_form_are_two_recordings(budi):
    other = {**CALL, "subject": "Harga beras", "answer": "Rp13.000 per kilogram."}
    for visit in (CALL, other, CALL, other):
        assert budi.post("/petugas/catat", visit).status_code == 303

    found = [budi.get(f"/petugas/konsultasi/KS-2026-00000{n}") for n in (1, 2, 3)]
    assert [page.status_code for page in found] == [200, 200, 404]
    assert "Harga beras" in found[1].text


def test_a_changed_request_of_a_closed_one_is_filed_as_another(siti):
    ask(siti, key="k")
    siti.post(f"{MINE}/pembatalan")

    for _ in range(2):
        answer = ask(siti, key="k", description="Menurut pekerjaan.")
        assert answer.location.endswith("KS-2026-000002")

    assert "Menurut pekerjaan." in siti.get(answer.location).text
    assert "KS-2026-000003" not in siti.get("/konsultasi").text


@pytest.mark.parametrize("break_", ["\v", "\f", "\x1c", "\x1e", "\x85", "\u2028"])
def test_what_separates_two_figures_keeps_them_apart(served, siti, break_):
    answer = siti.post(f"{MINE}/pesan", {"body": f"Tahun 2020{break_}2021"})
    asked = ask(siti, subject=f"Data 2022{break_}2023")

    assert answer.status_code == asked.status_code == 303
    assert re.search(r"2020(\s|<br>)+2021", siti.get(MINE).text)
    assert "Data 2022 2023" in siti.get(asked.location).text


def test_any_other_control_character_becomes_a_blank(served, siti):
    answer = siti.post(f"{MINE}/pesan", {"body": "2020\x072021"})

    assert answer.status_code == 422
    assert "2020 2021" in answer.text
