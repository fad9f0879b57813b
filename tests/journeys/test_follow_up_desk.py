"""Whose a follow-up is at the desk, and what opens one."""

import re

from tests.journeys.mailbox import letters
from tests.steps import DESK, LETTER, LIST, WORK, ask, send_letter

NUMBER = "TL-2026-000001"


def test_only_one_officer_owns_it(low, budi, rina):
    assert "Ambil tindak lanjut ini dahulu" in rina.get(f"{WORK}/email").text
    budi.post(f"{WORK}/pengambilan")

    for path, data in (
        ("pengambilan", {}),
        ("email", {"body": LETTER}),
        ("pengiriman", {"key": "x"}),
        ("penutupan", {"resolution": "Selesai."}),
    ):
        answer = rina.post(f"{WORK}/{path}", data)
        assert answer.status_code == 409, path
        assert "ditangani Budi Santoso" in answer.text


def test_it_can_be_handed_over(low, budi, rina):
    budi.post(f"{WORK}/pengambilan")
    rina_id = re.search(r'<option value="(\d+)">Rina', budi.get(WORK).text)[1]
    assert budi.post(f"{WORK}/pengalihan", {"officer": "999"}).status_code == 422

    budi.post(f"{WORK}/pengalihan", {"officer": rina_id})

    assert send_letter(rina).status_code == 303
    assert budi.post(f"{WORK}/pengambilan").status_code == 409


def test_an_officer_opens_a_follow_up_from_any_feedback(link, visitor, budi, andi):  # noqa: F811
    visitor.post(link, {"score": "5", "comment": "Bagus; sediakan juga peta."})
    page = budi.get(f"{LIST}/penilaian").text
    path = re.search(r'action="([^"]+/penilaian/\d+/tindak-lanjut)"', page)[1]

    first = budi.post(path, {"reason": "Usul yang baik."})
    again = budi.post(path, {"reason": "Usul yang baik."})

    assert first.location == again.location == WORK
    assert "Usul yang baik." in budi.get(WORK).text
    [letter] = letters(andi, "Masukan itu kami tindak lanjuti")
    assert "mohon maaf" not in letter
    assert send_letter(budi).status_code == 303


def test_words_of_complaint_are_confirmed_by_an_officer(link, visitor, budi, hasan):  # noqa: F811
    visitor.post(link, {"score": "4", "comment": "Baik, tetapi petugas kasar."})
    to_review = f"{LIST}/penilaian?tampil=tinjau"
    page = budi.get(to_review).text
    assert "Mungkin keluhan: kasar." in page
    assert "Mungkin keluhan" in hasan.get(to_review).text
    path = re.search(r'action="([^"]+/penilaian/\d+/)peninjauan"', page)[1]

    budi.post(f"{path}tindak-lanjut")

    assert "Mungkin keluhan" not in budi.get(to_review).text
    assert "Keluhan" in budi.get(WORK).text
    assert budi.post(f"{path}peninjauan").status_code == 409


def test_words_that_are_no_complaint_are_set_aside(link, visitor, budi):  # noqa: F811
    visitor.post(link, {"score": "5", "comment": "Sama sekali tidak kecewa."})
    page = budi.get(LIST).text
    assert "1 umpan balik berisi kata yang mungkin keluhan" in page
    page = budi.get(f"{LIST}/penilaian?tampil=tinjau").text
    path = re.search(r'action="([^"]+/peninjauan)"', page)[1]

    budi.post(path)

    assert "mungkin keluhan" not in budi.get(LIST).text
    assert NUMBER not in budi.get(LIST).text


def test_users_and_visitors_have_no_follow_up_desk(low, siti, visitor, hasan):
    for path in (LIST, WORK, f"{WORK}/email", f"{LIST}/penilaian", f"{LIST}/templat"):
        assert siti.get(path).status_code == 403
        assert visitor.get(path).status_code == 302
    assert hasan.get(WORK).status_code == 200
    assert hasan.post(f"{WORK}/pengambilan").status_code == 403


def test_an_unknown_follow_up_is_not_found(budi):
    assert budi.get(f"{LIST}/TL-2026-999999").status_code == 404
    assert budi.post(f"{LIST}/TL-2026-999999/pengambilan").status_code == 404
    assert budi.post(f"{LIST}/penilaian/999/tindak-lanjut").status_code == 404


def test_a_second_low_rating_gets_the_next_number(low, siti, budi):
    ask(siti, subject="Yang kedua")
    desk = DESK.replace("000001", "000002")
    budi.post(f"{desk}/pengambilan")
    budi.post(
        f"{desk}/pesan",
        {"body": "Ini tabelnya.", "then": "selesai", "closes": "ya"},
    )
    card = siti.get("/konsultasi/KS-2026-000002/penilaian").text

    siti.post(re.search(r'href="(/nilai/[^"?]+)', card)[1], {"score": "1"})

    assert "TL-2026-000002" in budi.get(LIST).text


def test_the_officer_sees_the_rating_next_to_the_conversation(low, budi, hasan, siti):
    card = "/petugas/tindak-lanjut/penilaian/konsultasi/KS-2026-000001"
    assert card in budi.get(DESK).text

    for reader in (budi, hasan):
        page = reader.get(card, headers={"HX-Request": "true"}).text
        assert "Tabelnya tidak lengkap." in page
        assert NUMBER in page
        assert "<html" not in page
    assert siti.get(card).status_code == 403
    assert budi.get(card.replace("000001", "000009")).status_code == 404
