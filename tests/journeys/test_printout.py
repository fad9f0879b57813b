"""A conversation on paper: who said what, under the letterhead of the office."""

import pytest

from tests.journeys.conftest import Browser
from tests.steps import DESK, MINE, NUMBER, ask

PAPER = f"{DESK}/cetak"


@pytest.fixture
def spoken(siti: Browser, budi: Browser) -> None:
    ask(siti)
    budi.post(f"{DESK}/pengambilan")
    budi.post(f"{DESK}/pesan", {"body": "Tahun berapa?"})
    siti.post(f"{MINE}/pesan", {"body": "Tahun 2025."})
    budi.post(f"{DESK}/catatan", {"body": "Tanya produksi dahulu."})


def test_each_speaker_stands_there_by_name(spoken, budi):
    paper = budi.get(PAPER).text.partition("<article")[2].partition("</article")[0]

    for words in (NUMBER, "BPS Kabupaten Banjarnegara", "Tahun berapa?", "Tahun 2025."):
        assert words in paper
    assert "<b>Siti Rahayu</b>" in paper
    assert "<b>Budi Santoso</b>" in paper
    assert "Anda" not in paper
    assert "<form" not in paper and "<textarea" not in paper


def test_internal_notes_are_printed_only_when_asked_for(spoken, budi):
    assert "Tanya produksi" not in budi.get(PAPER).text
    assert "Tanya produksi" in budi.get(f"{PAPER}?catatan=ya").text


def test_the_paper_is_for_the_office(spoken, siti, hasan):
    assert siti.get(PAPER).status_code == 403
    assert hasan.get(PAPER).status_code == 200
    assert PAPER in hasan.get(DESK).text
