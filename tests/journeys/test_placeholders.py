"""Places in braces: unknown ones are not kept, unfilled ones are not sent."""

import pytest

from tests.journeys.conftest import Browser
from tests.steps import CALL, DESK, ask

CANNED = {"title": "Salam", "shared": "ya"}


@pytest.mark.parametrize(
    "place", ["{Nomor}", "{ tenggat }", "{nama_lengkap}", "{}", "{tindak_lanjut}"]
)
def test_a_canned_answer_with_an_unknown_place_is_refused(budi: Browser, place: str):
    body = f"Yth. {{nama}}, perihal {place}."

    answer = budi.post("/petugas/templat", {**CANNED, "body": body})

    assert answer.status_code == 422
    assert f"“{place}” tidak dikenal" in answer.text and place in answer.text
    assert "{nama} {nomor} {subjek} {petugas} {tenggat}" in answer.text


@pytest.mark.parametrize("place", ["{Nomor}", "{ nama }", "{nomer}"])
def test_a_text_for_follow_ups_with_an_unknown_place_is_refused(
    budi: Browser, place: str
):
    form = {"name": "Maaf", "body": f"Perihal {place}."}

    answer = budi.post("/petugas/tindak-lanjut/templat/baru", form)

    assert answer.status_code == 422
    assert f"“{place}” tidak dikenal" in answer.text


def test_known_places_are_taken(budi: Browser):
    body = "Yth. {nama}, {nomor}: {subjek}, {tenggat}. {petugas}"

    answer = budi.post("/petugas/templat", {**CANNED, "body": body})

    assert answer.status_code == 303


@pytest.mark.parametrize("place", ["{Nomor}", "{ tenggat }", "{nama}"])
def test_an_unfilled_place_is_not_sent_to_the_user(
    siti: Browser, budi: Browser, place: str
):
    ask(siti)
    budi.post(f"{DESK}/pengambilan")

    answer = budi.post(f"{DESK}/pesan", {"body": f"Perihal {place}."})
    assert answer.status_code == 422
    assert f"Masih ada “{place}” yang belum diisi" in answer.text

    plain = budi.post(f"{DESK}/pesan", {"body": "Rumusnya f(x) = {x | x > 0}."})
    assert plain.status_code == 303


@pytest.mark.parametrize("place", ["{Nomor}", "{ tenggat }", "{nama}"])
def test_an_unfilled_place_is_not_sent_as_the_reason_of_closing(
    siti: Browser, budi: Browser, place: str
):
    ask(siti)
    budi.post(f"{DESK}/pengambilan")

    answer = budi.post(f"{DESK}/penutupan", {"unanswered": f"Perihal {place}."})
    assert answer.status_code == 422
    assert f"Masih ada “{place}” yang belum diisi" in answer.text
    assert f"Perihal {place}." in answer.text

    plain = budi.post(f"{DESK}/penutupan", {"unanswered": "Bukan tentang statistik."})
    assert plain.status_code == 303


@pytest.mark.parametrize("place", ["{Nomor}", "{ petugas }"])
def test_an_unfilled_place_is_not_recorded_as_an_answer(budi: Browser, place: str):
    answer = budi.post("/petugas/catat", {**CALL, "answer": f"Perihal {place}."})

    assert answer.status_code == 422
    assert f"Masih ada “{place}” yang belum diisi" in answer.text
    assert f"Perihal {place}." in answer.text
