"""What is sent twice, late or from an old page is stored once and loses no word."""

from tests.steps import DESK, MINE, ask


def test_a_refused_request_comes_back_filled(siti):
    answer = ask(siti, years="", description="Panjang sekali uraian saya.")

    assert answer.status_code == 422
    assert "Tahun wajib diisi." in answer.text
    assert "Panjang sekali uraian saya." in answer.text
    assert "Anda belum memiliki konsultasi" in siti.get("/konsultasi").text


def test_sending_the_request_twice_files_it_once(siti):
    first = ask(siti, key="a-key")
    second = ask(siti, key="a-key")

    assert first.location == second.location
    assert siti.get("/konsultasi").text.count('id="consultation-') == 1


def test_sending_a_message_twice_stores_it_once(asked, siti):
    for _ in range(2):
        answer = siti.post(f"{MINE}/pesan", {"body": "Halo Bu", "key": "k1"})
        assert answer.status_code == 303

    assert siti.get(MINE).text.count("Halo Bu") == 1


def test_closing_twice_is_refused_clearly(asked, budi):
    budi.post(f"{DESK}/pengambilan")
    budi.post(f"{DESK}/pesan", {"body": "Ini tabelnya."})
    assert budi.post(f"{DESK}/penutupan").status_code == 303

    answer = budi.post(f"{DESK}/penutupan")

    assert answer.status_code == 409
    assert "sudah ditutup" in answer.text


def test_an_expired_log_in_gives_back_what_was_typed(asked, siti, at):
    token = siti.token()
    at("2026-04-20 09:00+07:00")
    answer = siti.client.post(
        f"{MINE}/pesan",
        data={"csrf_token": token, "body": "Tulisan panjang yang tidak boleh hilang"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 401
    assert "Tulisan panjang yang tidak boleh hilang" in answer.text
    assert "Sesi Anda berakhir" in answer.text


def test_an_old_page_without_log_in_asks_to_log_in_first(asked, budi):
    """Both have run out: the page is too old, and no one is signed in."""
    for cookie in ("session", "pst_l"):
        budi.client.delete_cookie(cookie)
    form = {"csrf_token": "x", "body": "Catatan panjang yang tidak boleh hilang"}

    answer = budi.client.post(
        f"{DESK}/catatan", data=form, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert answer.status_code == 401
    assert "Sesi Anda berakhir" in answer.text
    assert "Catatan panjang yang tidak boleh hilang" in answer.text
    forged = budi.client.post(f"{DESK}/catatan", data=form)
    assert forged.status_code == 400
    assert "Catatan panjang" not in forged.text


def test_a_request_sent_again_in_other_words_loses_none_of_them(siti, budi):
    assert ask(siti, key="k1").location == MINE
    assert ask(siti, key="k1").location == MINE, "the same again"
    assert "setelah diubah" not in siti.get(MINE).text

    for _ in range(2):  # the answer to the change may be lost too
        answer = ask(siti, key="k1", years="2015", description="Hanya <laki-laki>.")
        assert answer.location == MINE

    page = siti.get(MINE).text
    assert "Menurut umur." in page
    assert page.count("Permintaan saya setelah diubah") == 1
    assert "Tahun: 2015" in page
    assert "Hanya &lt;laki-laki&gt;." in page
    assert "KS-2026-000002" not in siti.get("/konsultasi").text


def test_another_kind_is_chosen_without_filing_anything(siti):
    form = {
        "subject": "Jumlah penduduk",
        "description": "Menurut umur.",
        "switch": "ya",
    }

    page = siti.post("/konsultasi/baru?jenis=metadata", form)

    assert page.status_code == 200
    assert 'value="Jumlah penduduk"' in page.text
    assert "Menurut umur." in page.text
    assert "wajib diisi" not in page.text
    assert "KS-2026" not in siti.get("/konsultasi").text


def test_a_kind_not_chosen_is_asked_for_and_loses_nothing(siti):
    begun = {"subjek": "Luas waduk", "uraian": "Sejak <1990>.", "jenis": ""}

    page = siti.get("/cari/sebelum-bertanya", query_string=begun, follow_redirects=True)

    assert page.status_code == 422
    assert 'href="#jenis">Pilih jenis konsultasi' in page.text
    assert 'value="Luas waduk"' in page.text
    assert "Sejak &lt;1990&gt;.</textarea>" in page.text
    assert "Pilih jenis konsultasi" not in siti.get("/konsultasi/baru").text
