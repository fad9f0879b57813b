"""What was closed at the desk by mistake or late, and taken back."""

from tests.journeys.closing.steps import ANSWER
from tests.journeys.mailbox import letters
from tests.steps import DESK, MINE, NUMBER


def test_its_officer_reopens_what_was_closed_by_mistake(answered, siti, budi, andi):
    budi.post(f"{DESK}/penutupan")
    assert ">Buka kembali<" in budi.get(DESK).text

    for _ in range(2):  # pressed twice
        assert budi.post(f"{DESK}/pembukaan").status_code == 303

    page = budi.get(DESK).text
    assert "Sedang dilayani" in page
    assert "dibuka kembali. Konsultasi ini kembali ditangani Budi Santoso." in page
    assert page.count("Konsultasi dibuka kembali oleh Budi Santoso") == 1
    assert "Konsultasi dibuka kembali oleh Budi Santoso" in siti.get(MINE).text
    assert len(letters(andi, "kami buka kembali")) == 1
    assert "Dibuka kembali" in andi.get("/admin/audit").text


def test_the_head_reopens_for_its_officer_and_no_colleague_does(
    answered, budi, rina, hasan
):
    budi.post(f"{DESK}/penutupan")
    assert ">Buka kembali<" not in rina.get(DESK).text
    refused = rina.post(f"{DESK}/pembukaan")
    assert refused.status_code == 409
    assert "ditangani Budi Santoso" in refused.text

    assert ">Buka kembali<" in hasan.get(DESK).text
    assert hasan.post(f"{DESK}/pembukaan").status_code == 303

    assert budi.post(f"{DESK}/pesan", {"body": "Ralat."}).status_code == 303


def test_the_user_cannot_reopen_from_the_desk(answered, siti, budi):
    budi.post(f"{DESK}/penutupan")

    assert siti.post(f"{DESK}/pembukaan").status_code == 403


def test_a_late_final_answer_is_explained_though_the_first_came_in_time(
    answered, siti, budi, at
):
    siti.post(f"{MINE}/pesan", {"body": "Dan tahun 2024?"})
    at("2026-03-06 09:00+07:00")
    budi.log_in("budi")

    last = {"body": "Tahun 2024: 30.500 jiwa.", "then": "selesai", "closes": "ya"}
    answer = budi.post(f"{DESK}/pesan", last)

    assert answer.location == f"{DESK}/penutupan"
    assert "Mengapa terlambat?" in budi.get(answer.location).text
    assert budi.post(answer.location, {"reason": "workload"}).status_code == 303
    page = budi.get(DESK).text
    assert "Terlambat: Banyak permintaan bersamaan" in page
    assert "Selesai" in page


def test_sending_and_closing_says_that_it_is_closed(served, budi):
    answer = budi.post(
        f"{DESK}/pesan", {"body": ANSWER, "then": "selesai", "closes": "ya"}
    )

    page = budi.get(answer.location).text

    assert f"{NUMBER} ditutup. Pengguna diminta memberi penilaian." in page
