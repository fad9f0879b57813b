"""A consultation is closed, and its user rates it from the mail or the page."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.journeys.conftest import Browser
from tests.journeys.mailbox import letters, link_in
from tests.steps import DESK, MINE, NUMBER, ask

CARD = f"{MINE}/penilaian"


def test_the_mailed_link_rates_without_logging_in(link, visitor, siti):
    assert visitor.get(link).status_code == 200
    answer = visitor.post(link, {"score": "4", "comment": "Cepat dan jelas."})
    assert answer.status_code == 303

    page = visitor.get(link).text

    assert "Penilaian Anda tersimpan" in page
    assert "<b>4</b> <span>Puas</span>" in page
    assert "Cepat dan jelas." in page
    assert "<b>4</b>" in siti.get(CARD).text


def test_a_mail_scanner_that_opens_the_link_rates_nothing(link, visitor, siti):
    for score in "12345":
        assert visitor.get(f"{link}?nilai={score}").status_code == 200
        assert visitor.client.head(f"{link}?nilai={score}").status_code == 200

    assert "Penilaian Anda:" not in siti.get(CARD).text


def test_a_number_chosen_on_the_card_is_only_filled_in(link, siti):
    card = siti.get(CARD, headers={"HX-Request": "true"}).text
    assert "<html" not in card
    match = re.search(r'href="(/nilai/[^"]*nilai=2)"', card)

    page = siti.get(match[1]).text

    assert re.search(r'<input [^>]*\bchecked\b[^>]*value="2"', page)
    assert "Penilaian Anda:" not in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Pilih salah satu jawaban."),
        ({"score": "6"}, "Pilih salah satu jawaban."),
        ({"score": "nol"}, "Pilih salah satu jawaban."),
        ({"score": "4", "comment": "x" * 100_000}, "Maksimal 5.000 karakter"),
        ({"score": "4", "comment": "Baik\x07 sekali"}, "karakter kendali"),
    ],
)
def test_a_rating_that_cannot_be_taken_comes_back_filled(link, visitor, data, sentence):
    data = {"comment": "Yang sudah saya tulis.", **data}

    answer = visitor.post(link, data)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert data["comment"].replace("\x07", " ")[:50] in answer.text
    assert "Penilaian Anda:" not in visitor.get(link).text


def test_a_forged_link_is_not_known(link, visitor):
    for forged in ("/nilai/x", link[:-1], link + "x", f'/nilai/"{NUMBER}".abc'):
        for answer in (visitor.get(forged), visitor.post(forged, {"score": "1"})):
            assert answer.status_code == 404
            assert "Tautan tidak dikenali" in answer.text


def test_a_form_that_is_not_ours_rates_nothing(link, visitor):
    answer = visitor.client.post(link, data={"score": "1"})

    assert answer.status_code == 400
    assert "Penilaian Anda:" not in visitor.get(link).text


def test_a_link_after_thirty_days_says_so(link, visitor, at):
    at("2026-04-01 09:00:01+07:00")

    for answer in (visitor.get(link), visitor.post(link, {"score": "4"})):
        assert answer.status_code == 410
        assert "Masa penilaian sudah berakhir" in answer.text


def test_a_second_rating_is_a_change_for_seven_days(link, visitor, at):
    visitor.post(link, {"score": "2", "comment": "Lambat."})
    at("2026-03-09 09:00+07:00")
    assert visitor.post(link, {"score": "5"}).status_code == 303
    assert "<b>5</b>" in visitor.get(link).text

    at("2026-03-09 09:00:01+07:00")
    answer = visitor.post(link, {"score": "1"})

    assert answer.status_code == 409
    assert "tidak dapat diubah lagi setelah 7 hari" in answer.text
    page = visitor.get(link)
    assert "<b>5</b>" in page.text
    assert "Ubah penilaian" not in page.text


def test_two_ratings_at_once_are_one_and_its_follow_up(link, app, andi, budi):
    readers = [Browser(app) for _ in range(4)]
    tokens = [reader.token() for reader in readers]

    def rate(n: int) -> int:
        data = {"csrf_token": tokens[n], "score": "1", "comment": "Lambat."}
        return readers[n].client.post(link, data=data).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(rate, range(4)))

    assert answers == [303] * 4
    assert len(letters(andi, "Kami mohon maaf karena pelayanan")) == 1
    assert "TL-2026-000002" not in budi.get("/petugas/tindak-lanjut").text


def test_a_reopened_consultation_is_rated_after_it_closes(link, siti, visitor):
    siti.post(f"{MINE}/pesan", {"body": "Satu lagi, Pak."})

    for answer in (visitor.get(link), visitor.post(link, {"score": "4"})):
        assert answer.status_code == 409
        assert "setelah konsultasi ditutup" in answer.text


def test_a_withdrawn_request_is_not_asked_about(siti, andi):
    ask(siti)
    siti.post(f"{MINE}/pembatalan")

    assert "tidak dinilai" in siti.get(CARD).text
    assert not letters(andi, "/nilai/")


OTHER = "KS-2026-000002"


def test_a_duplicate_is_told_of_and_not_asked_about(siti, budi, andi):
    ask(siti)
    budi.post(f"{DESK}/pengambilan")
    assert "Tutup: permintaan ganda" in budi.get(DESK).text

    ask(siti, subject="Penduduk menurut umur")
    double = {"closing_reason": "duplicate", "same_as": OTHER}
    assert budi.post(f"{DESK}/penutupan", double).status_code == 303

    assert "tidak diminta menilai" in budi.get(DESK).text
    assert "Ditutup, permintaan ganda" in siti.get(MINE).text
    assert "tidak dinilai" in siti.get(CARD).text
    assert letters(andi, "sama dengan permintaan Anda yang lain")
    assert not letters(andi, "/nilai/")


def test_an_officer_cannot_withdraw_in_the_user_s_name(siti, budi):
    ask(siti)
    budi.post(f"{DESK}/pengambilan")

    answer = budi.post(f"{DESK}/penutupan", {"closing_reason": "withdrawn"})

    assert answer.status_code == 400


def test_the_card_is_its_owner_s_alone(link, siti, dewi, visitor, budi):
    assert siti.get(CARD).status_code == 200
    assert dewi.get(CARD).status_code == 404
    assert budi.get(CARD).status_code == 404
    assert visitor.get(CARD).status_code == 302


def test_who_stopped_answering_is_asked_first_if_the_need_was_met(
    siti, budi, visitor, andi, at, app
):
    ask(siti)
    budi.post(f"{DESK}/pengambilan")
    budi.post(f"{DESK}/pesan", {"body": "Sudah cukup, Bu?"})
    at("2026-03-04 09:00+07:00")
    app.test_cli_runner().invoke(args=["jobs", "run", "warn_silent"])
    at("2026-03-05 09:00+07:00")
    app.test_cli_runner().invoke(args=["jobs", "run", "close_silent"])
    andi.log_in("andi")
    link = link_in(andi, "tidak menerima tanggapan", "/nilai/")
    page = visitor.get(link).text
    assert page.index("kebutuhan Anda sudah terpenuhi?") < page.index("Seberapa puas")
    card = siti.get(CARD).text
    assert "kebutuhan Anda sudah terpenuhi?" in card
    assert "Seberapa puas" not in card
    assert "checked" in visitor.get(f"{link}?kebutuhan=unmet").text

    missing = visitor.post(link, {"score": "3"})
    assert missing.status_code == 422
    visitor.post(link, {"score": "3", "need": "unmet"})

    page = visitor.get(link).text
    assert "Balas di percakapan" in page
    assert re.search(r'<input [^>]*\bchecked\b[^>]*name="need"[^>]*value="unmet"', page)
