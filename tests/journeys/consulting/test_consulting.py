"""A user and an officer, seen only through the pages."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.journeys.conftest import Browser
from tests.steps import DESK, HTMX, MINE, TAKING, ask, has_read


def test_the_user_sees_the_place_in_the_queue_and_the_promise(asked, siti):
    page = siti.get(MINE).text

    assert "ke-1" in page
    assert "5 Maret 2026 pukul 15.30 WIB" in page


def test_the_user_reads_what_the_officer_wrote(asked, siti, budi):
    budi.post(f"{DESK}/pengambilan")
    page = siti.get(MINE).text
    budi.post(f"{DESK}/pesan", {"body": "Tahun <b>berapa</b>?"})

    news = siti.get(f"{MINE}/pesan", headers=has_read(page))

    assert "Tahun &lt;b&gt;berapa&lt;/b&gt;?" in news.text
    again = siti.get(
        f"{MINE}/pesan", headers={**HTMX, "HX-PTag": news.headers["HX-PTag"]}
    )
    assert again.status_code == 304
    assert again.data == b""
    assert "Set-Cookie" not in again.headers


def test_no_one_else_knows_of_it(asked, dewi, visitor, andi):
    for path in (MINE, f"{MINE}/pesan", f"{MINE}/keadaan", f"{MINE}/terbaru"):
        assert dewi.get(path).status_code == 404
        assert andi.get(path).status_code == 404
        assert visitor.get(path).status_code == 302
    assert dewi.post(f"{MINE}/pesan", {"body": "Halo"}).status_code == 404
    assert dewi.post(f"{MINE}/penutupan").status_code == 404


def test_a_user_has_no_desk(asked, siti):
    assert siti.get(DESK).status_code == 403
    assert siti.post(f"{DESK}/pengambilan").status_code == 403


def test_the_head_reads_but_does_not_serve(asked, hasan):
    assert hasan.get(DESK).status_code == 200
    assert hasan.post(f"{DESK}/pengambilan").status_code == 403


def test_of_two_officers_who_claim_at_once_one_wins(asked, budi, rina):
    tokens = {budi: budi.token(), rina: rina.token()}

    def claim(browser: Browser) -> int:
        data = {"csrf_token": tokens[browser]}
        return browser.client.post(f"{DESK}/pengambilan", data=data).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(claim, (budi, rina)))

    assert answers == [303, 409]


def test_the_loser_is_told_who_won(asked, budi, rina):
    budi.post(f"{DESK}/pengambilan")

    answer = rina.post(f"{DESK}/pengambilan")

    assert answer.status_code == 409
    assert "diambil Budi Santoso" in answer.text
    assert "Jumlah penduduk" in answer.text, "the conversation itself is shown"
    assert 'id="thread"' in answer.text


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "Pesan wajib diisi"),
        ("   \n ", "Pesan wajib diisi"),
        ("x" * 100_000, "Maksimal 10.000 karakter (sekarang 100.000)"),
        ("Halo\x07 Bu", "karakter kendali"),
    ],
)
def test_a_message_that_cannot_be_taken_is_explained(asked, siti, body, sentence):
    before = siti.get(MINE).text.count('class="msg')

    answer = siti.post(f"{MINE}/pesan", {"body": body})

    assert answer.status_code == 422
    assert sentence in answer.text
    if body.strip():
        assert body.replace("\x07", " ")[:50] in answer.text  # nothing typed is lost
    assert siti.get(MINE).text.count('class="msg') == before


@pytest.mark.parametrize("number", ["KS-2026-000099", "KS-1", "x", "KS-2026-000001 "])
def test_an_unknown_number_is_not_found(asked, siti, budi, number):
    for answer in (
        siti.get(f"/konsultasi/{number}"),
        budi.get(f"/petugas/konsultasi/{number}"),
    ):
        assert answer.status_code == 404
        assert "Halaman tidak ditemukan" in answer.text


def test_a_forged_form_changes_nothing(asked, siti):
    answer = siti.client.post(f"{MINE}/pesan", data={"body": "Palsu sekali ini"})

    assert answer.status_code == 400
    assert "Tidak ada yang diubah" in answer.text
    assert "Palsu" not in siti.get(MINE).text


def test_notes_stay_on_the_desk(asked, siti, budi):
    budi.post(f"{DESK}/pengambilan")
    budi.post(f"{DESK}/catatan", {"body": "Rahasia kantor"})

    assert "Rahasia kantor" in budi.get(DESK).text
    assert "Rahasia kantor" not in siti.get(MINE).text
    poll = siti.get(f"{MINE}/pesan", headers=HTMX)
    assert poll.status_code == 200
    assert "Rahasia kantor" not in poll.text
    assert "Rahasia kantor" not in siti.get(f"{MINE}/terbaru").text


def test_the_work_list_is_silent_when_nothing_moved(asked, budi):
    first = budi.get("/petugas/daftar-kerja", headers=HTMX)
    headers = {**HTMX, "HX-PTag": first.headers["HX-PTag"]}

    assert budi.get("/petugas/daftar-kerja", headers=headers).status_code == 304
    budi.post(f"{DESK}/pengambilan")
    assert budi.get("/petugas/daftar-kerja", headers=headers).status_code == 200


def test_marks_are_kept_and_taken_away(asked, budi):
    budi.post(f"{DESK}/pengambilan")
    budi.post(f"{DESK}/pesan", {"body": "Jumlahnya 31.000 jiwa."})
    id = re.search(
        r'id="message-(\d+)"[^>]*>\s*<p class="by"><b[^>]*>Anda', budi.get(DESK).text
    )
    assert id

    budi.post(f"{DESK}/tanda", {"mark": f"final {id[1]}"})
    assert "Bukan jawaban final" in budi.get(DESK).text
    budi.post(f"{DESK}/tanda", {"mark": f"bukan-final {id[1]}"})
    assert "Bukan jawaban final" not in budi.get(DESK).text


def test_transfer_hands_it_to_the_colleague(asked, budi, rina, siti):
    budi.post(f"{DESK}/pengambilan")
    page = budi.get(DESK).text
    rina_id = re.search(r'<option value="(\d+)">Rina', page)
    assert rina_id

    budi.post(f"{DESK}/pengalihan", {"officer": rina_id[1], "note": "Tolong ya"})

    assert rina.post(f"{DESK}/pesan", {"body": "Saya lanjutkan."}).status_code == 303
    assert budi.post(f"{DESK}/pesan", {"body": "Bukan lagi"}).status_code == 409
    assert "Tolong ya" not in siti.get(MINE).text


def test_the_address_of_the_messages_leads_a_person_to_the_conversation(
    asked, siti, budi
):
    assert siti.get(f"{MINE}/pesan").location == f"{MINE}#akhir"
    assert budi.get(f"{MINE}/pesan").location == f"{DESK}#akhir"


def test_only_our_own_page_shows_what_is_new_in_a_frame(asked, siti, budi, dewi):
    frame = siti.get(f"{MINE}/terbaru")

    assert "frame-ancestors 'self'" in frame.headers["Content-Security-Policy"]
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    for page in (siti.get(MINE), budi.get(DESK)):
        policy = page.headers["Content-Security-Policy"]
        assert "frame-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
    assert "frame-src" not in dewi.get("/konsultasi").headers["Content-Security-Policy"]


def test_the_frame_shows_only_what_came_since(asked, siti, budi):
    budi.post(f"{DESK}/pengambilan")
    budi.post(f"{DESK}/pesan", {"body": "Tahun berapa?"})
    [address] = re.findall(r'<iframe[^>]* src="([^"]*)"', siti.get(MINE).text)
    before = siti.get(address).text
    assert "Belum ada pesan baru" in before
    assert "Petugas bertanya kepada Anda" in before
    assert "Menunggu pengguna" in budi.get(address).text

    budi.post(f"{DESK}/pesan", {"body": "Umur berapa?"})

    news = siti.get(address).text
    assert "Umur berapa?" in news
    assert "Tahun berapa?" not in news
    assert 'http-equiv="refresh" content="60"' in news


def test_requests_before_oneself_are_not_called_people(asked, siti, dewi):
    assert ask(dewi).status_code == 303

    page = dewi.get("/konsultasi/KS-2026-000002").text

    assert "1 permintaan di depan Anda" in page
    assert "orang di depan" not in page


def test_a_text_browser_can_claim_from_the_list(siti, budi):
    """Such a browser knows no button outside its form."""
    ask(siti)

    page = budi.get("/petugas").text

    form = re.search(rf'<form [^>]*action="{TAKING}".*?</form>', page, re.S)
    assert form and 'name="csrf_token"' in form[0]
    button = re.search(
        r'<button [^>]*name="(\w+)" value="([^"]+)"[^>]*>Ambil<', form[0]
    )
    assert button
    assert budi.post(TAKING, {button[1]: button[2]}).location == DESK
    assert "Sedang dilayani" in budi.get(DESK).text
