"""Closing without an answer: never by a slip, and with a word to the user."""

import re

from tests.journeys.closing.steps import WHY, button
from tests.journeys.mailbox import letters
from tests.steps import DESK, MINE


def test_what_no_one_answered_is_not_closed_by_one_click(served, siti, budi, andi):
    page = budi.get(DESK).text
    assert not re.search(r"<button[^>]*>Tutup konsultasi<", page)
    match = re.search(rf'href="({DESK}/penutupan[^"]*)">Tutup konsultasi', page)
    assert match

    asked = budi.get(match[1]).text
    assert "Kantor belum menjawab apa pun" in asked
    assert "Tutup tanpa jawaban" in asked
    for words in ({}, {"unanswered": "  "}):
        refused = budi.post(f"{DESK}/penutupan", words)
        assert refused.status_code == 422
        assert "Penjelasan kepada pengguna wajib diisi." in refused.text

    assert "Sedang ditangani" in siti.get(MINE).text
    assert not letters(andi, "ditutup")


def test_who_closes_without_an_answer_tells_the_user_why(served, siti, budi, andi):
    page = budi.get(f"{DESK}/penutupan").text
    words = {**button(page, f"{DESK}/penutupan"), "unanswered": WHY}
    assert budi.post(f"{DESK}/penutupan", words).status_code == 303

    said = f'Konsultasi ditutup tanpa jawaban: “<span class="pre">{WHY}</span>”'
    assert said in siti.get(MINE).text
    [letter] = letters(andi, "tanpa jawaban. Penjelasan petugas")
    assert WHY in letter
    assert "telah selesai" not in letter
    assert "Jawaban pertama" not in budi.get(DESK).text


def test_a_question_to_the_user_is_no_answer(served, siti, budi):
    budi.post(f"{DESK}/kejelasan", {"body": "Wilayah mana?"})

    assert budi.post(f"{DESK}/penutupan").status_code == 422


def test_who_is_late_with_no_answer_tells_both(served, siti, budi, at):
    at("2026-03-06 09:00+07:00")
    budi.log_in("budi")
    page = budi.get(f"{DESK}/penutupan").text
    assert "Alasan keterlambatan" in page
    assert "Mengapa ditutup tanpa jawaban" in page

    assert budi.post(f"{DESK}/penutupan", {"reason": "complex"}).status_code == 422
    both = {"reason": "complex", "unanswered": WHY}
    assert budi.post(f"{DESK}/penutupan", both).status_code == 303
    assert "Terlambat: Permintaan rumit" in budi.get(DESK).text
