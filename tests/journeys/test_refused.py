"""A step that is refused loses nothing: what was written, and the way on."""

import re

import pytest

from tests.journeys.conftest import Browser
from tests.steps import DESK, HTMX, LIST, MINE, WORK, ask


@pytest.fixture
def passed_on(siti: Browser, budi: Browser, rina: Browser) -> None:
    """Siti's request, which Budi has handed to Rina; his page is old."""
    ask(siti)
    budi.post(f"{DESK}/pengambilan")
    match = re.search(r'<option value="(\d+)">Rina', budi.get(DESK).text)
    assert match
    budi.post(f"{DESK}/pengalihan", {"officer": match[1]})


@pytest.mark.parametrize(
    ("step", "form"),
    [
        ("pesan", {"body": "Ya, benar."}),
        ("pesan", {"body": "Jumlah penduduknya 31.000 <jiwa>."}),
        ("pesan", {"body": "Belum selesai.", "press": "draf"}),
        ("kejelasan", {"body": "Tahun?"}),
        ("pengalihan", {"officer": "4", "note": "Rina lebih tahu."}),
    ],
)
def test_what_was_written_comes_back_with_the_way_on(passed_on, budi, step, form):
    answer = budi.post(f"{DESK}/{step}", form)

    assert answer.status_code == 409
    assert "ditangani Rina" in answer.text
    [text] = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", answer.text)
    assert text == form.get("body", form.get("note")).replace("<", "&lt;").replace(
        ">", "&gt;"
    )
    assert f'href="{DESK}">Kembali ke percakapan' in answer.text
    assert 'href="/petugas">Meja kerja' in answer.text


def test_who_closes_what_another_has_is_told_who(passed_on, budi):
    answer = budi.post(f"{DESK}/penutupan")

    assert answer.status_code == 409
    assert "ditangani Rina" in answer.text
    assert "<textarea" not in answer.text


def test_a_user_finds_the_way_back_to_the_conversation(siti):
    ask(siti)
    siti.post(f"{MINE}/pembatalan")

    answer = siti.post(f"{MINE}/pesan", {"body": "Maaf, jadi juga."})

    assert answer.status_code == 409
    assert "Maaf, jadi juga." in answer.text
    assert f'href="{MINE}">Kembali ke percakapan' in answer.text
    assert 'href="/konsultasi">Konsultasi saya' in answer.text


def test_a_follow_up_of_another_shows_the_way_back(low, budi, rina):  # noqa: F811
    budi.post(f"{WORK}/pengambilan")

    answer = rina.post(f"{WORK}/email", {"body": "Kami mohon maaf."})

    assert "Kami mohon maaf." in answer.text
    assert f'href="{WORK}">Kembali ke tindak lanjut' in answer.text
    assert f'href="{LIST}"' in answer.text


def test_a_page_that_keeps_the_text_itself_gets_a_sentence(passed_on, budi):
    answer = budi.post(f"{DESK}/pesan", {"body": "Ya, benar."}, headers=HTMX)

    assert answer.status_code == 409
    assert "Ya, benar." not in answer.text
    assert len(answer.text) < 300
