"""What is no number of a row is taken for none, and breaks nothing."""

import pytest

from tests.journeys.conftest import Browser
from tests.steps import DESK, WORK, ask

NUMBERS = ["9" * 5_000, "9" * 19, "²", "٣", "-1", "1e3"]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_filter_by_no_officer_shows_all(siti: Browser, budi: Browser, number: str):
    ask(siti)

    for path in ("/petugas", "/petugas/daftar-kerja"):
        answer = budi.get(path, query_string={"petugas": number})
        assert answer.status_code == 200
        assert "Jumlah penduduk" in answer.text


@pytest.mark.parametrize("number", NUMBERS)
def test_a_page_that_saw_no_entry_of_ours_is_answered(siti, budi, number):
    ask(siti)
    budi.post(f"{DESK}/pengambilan")
    canned = {"body": "Baik.", "press": "templat", "canned": number}

    assert budi.post(f"{DESK}/pesan", canned).status_code == 303
    answer = budi.post(f"{DESK}/pesan", {"body": "Ini tabelnya.", "seen": number})
    assert answer.status_code == 303
    form = {"body": "Tahun berapa?", "seen": number}
    assert budi.post(f"{DESK}/kejelasan", form).status_code == 303
    assert budi.get(f"{DESK}/penutupan?seen={number}").status_code == 200
    assert budi.post(f"{DESK}/penutupan", {"seen": number}).status_code == 303


@pytest.mark.parametrize("number", NUMBERS)
def test_no_template_of_ours_is_put_into_a_letter(low, budi, number):  # noqa: F811
    budi.post(f"{WORK}/pengambilan")

    form = {"body": "Bu Siti,", "template": number, "press": "templat"}
    assert budi.post(f"{WORK}/email", form).status_code in (400, 404)
    done = {"resolution": "a", "seen": number}
    assert budi.post(f"{WORK}/penutupan", done).status_code == 409
