"""Steps 8 and 9: the officer writes a report, the head reads and decides."""

import re

SHELF = "/petugas/laporan"
WORDS = {
    "number": "B-7/33040/HM.340/2026",
    "summary": "Layanan berjalan baik.",
    "conclusion": "Jawaban perlu lebih cepat.",
    "recommendations-0-text": "Tambah petugas pada hari Senin.",
    "recommendations-0-person": "Budi Santoso",
    "recommendations-0-by": "April 2026",
}


def drafted(officer, **period) -> str:
    """Start a report and tell its address."""
    answer = officer.post(SHELF, period or {"period": "2026-02"})
    assert answer.status_code == 303, answer.text
    return answer.location


def sent(officer) -> str:
    address = drafted(officer)
    officer.post(f"{address}/isian", WORDS)
    assert officer.post(f"{address}/pengiriman").status_code == 303
    return address


def head_address(address: str) -> str:
    return "/ketua/laporan/" + address.rsplit("/", 1)[1]


def test_the_head_approves_what_the_officer_sent(budi, hasan):
    address = sent(budi)

    page = hasan.get(head_address(address)).text
    assert "Layanan berjalan baik." in page
    assert "Tambah petugas pada hari Senin." in page
    assert "Februari 2026" in hasan.get("/ketua/laporan").text
    hasan.post(f"{head_address(address)}/persetujuan")

    assert "Disetujui" in budi.get(address).text


def test_a_returned_report_is_improved_and_sent_again(budi, hasan):
    address = sent(budi)
    hasan.post(
        f"{head_address(address)}/pengembalian", {"comment": "Tambahkan sebabnya."}
    )

    assert "Tambahkan sebabnya." in budi.get(address).text
    newer = budi.post(f"{address}/versi").location
    assert "Tambahkan sebabnya." in budi.get(newer).text
    assert "Layanan berjalan baik." in budi.get(newer).text
    budi.post(f"{newer}/isian", {**WORDS, "summary": "Sebabnya hari libur."})
    budi.post(f"{newer}/pengiriman")

    assert "Sebabnya hari libur." in hasan.get(head_address(newer)).text
    assert "Layanan berjalan baik." in hasan.get(head_address(address)).text


def test_returning_needs_a_reason(budi, hasan):
    address = sent(budi)

    answer = hasan.post(f"{head_address(address)}/pengembalian", {"comment": " "})

    assert answer.status_code == 422
    assert "wajib diisi" in answer.text
    assert "Terkirim" in budi.get(address).text


def test_another_officers_draft_does_not_exist(budi, rina, hasan):
    address = drafted(budi)

    assert rina.get(address).status_code == 404
    assert rina.get(f"{address}/pratinjau").status_code == 404
    assert rina.post(f"{address}/isian", WORDS).status_code == 404
    assert rina.post(f"{address}/pengiriman").status_code == 404
    assert hasan.get(head_address(address)).status_code == 404


def test_what_cannot_be_stored_comes_back_filled(budi):
    address = drafted(budi)

    answer = budi.post(f"{address}/isian", {**WORDS, "summary": "x" * 6001})

    assert answer.status_code == 422
    assert "Maksimal 6.000 karakter" in answer.text
    assert "x" * 6001 in answer.text
    assert "Tambah petugas pada hari Senin." in answer.text


def test_a_draft_is_stored_while_it_is_typed(budi):
    address = drafted(budi)

    answer = budi.post(f"{address}/isian", WORDS, headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer.headers["HX-Trigger"] == "saved"
    assert "Tersimpan pukul 09.00 WIB" in budi.get(f"{address}/tersimpan").text


def test_an_empty_report_is_not_sent(budi):
    address = drafted(budi)

    answer = budi.post(f"{address}/pengiriman")

    assert answer.status_code == 409
    assert "Tulis ringkasan" in answer.text


def test_sending_twice_is_sending_once(budi):
    address = sent(budi)

    answer = budi.post(f"{address}/pengiriman")

    assert answer.status_code == 409
    assert "sudah dikirim" in answer.text


def test_a_span_of_days_is_reported_on(budi):
    address = drafted(budi, period="rentang", first="2026-02-10", last="2026-02-20")

    assert "10 Februari 2026–20 Februari 2026" in budi.get(address).text


def test_a_bad_period_is_refused_with_what_was_typed(budi):
    answer = budi.post(
        SHELF, {"period": "rentang", "first": "2026-02-20", "last": "2026-02-10"}
    )

    assert answer.status_code == 422
    assert "Tanggal awal harus sebelum tanggal akhir." in answer.text
    assert re.search(r'name="first"[^>]*value="2026-02-20"', answer.text)


def test_a_discarded_draft_is_gone(budi):
    address = drafted(budi)

    budi.post(f"{address}/penghapusan")

    assert budi.get(address).status_code == 404
