"""A low rating is acknowledged, followed up by mail, answered and closed."""

from tests.journeys.conftest import hidden
from tests.journeys.mailbox import letters, link_in
from tests.steps import LETTER, LIST, WORK, send_letter

NUMBER = "TL-2026-000001"


def test_a_low_rating_is_acknowledged_and_told_to_the_office(low, visitor, andi):
    page = visitor.get(low).text

    assert NUMBER in page
    assert "5 Maret 2026 pukul 15.30 WIB" in page
    [letter] = letters(andi, "Kami mohon maaf karena pelayanan kami")
    assert NUMBER in letter
    assert len(letters(andi, "Sebuah penilaian memerlukan tindak lanjut")) == 1


def test_the_whole_follow_up(low, visitor, budi, rina, andi, hasan):
    assert NUMBER in budi.get(LIST).text
    budi.post(f"{WORK}/pengambilan")
    assert "Tabelnya tidak lengkap." in budi.get(f"{WORK}/email").text

    page = budi.post(f"{WORK}/email", {"body": LETTER, "press": "pratinjau"})
    preview = budi.get(page.location).text
    assert "Menindaklanjuti masukan Anda" in preview
    assert "tabel lengkapnya" in preview
    assert not letters(andi, "tabel lengkapnya")
    budi.post(f"{WORK}/pengiriman", {"key": hidden(preview, "key")})

    assert len(letters(andi, "tabel lengkapnya")) == 1
    assert "Menunggu dikirim" in budi.get(WORK).text
    reply = link_in(andi, "Menindaklanjuti masukan", "/tindak-lanjut/")
    assert "tabel lengkapnya" in visitor.get(reply).text
    answer = visitor.post(reply, {"body": "Terima kasih, sudah jelas."})
    assert answer.status_code == 303

    assert "Terima kasih, sudah jelas." in budi.get(WORK).text
    assert len(letters(andi, "Pengguna menanggapi tindak lanjut")) == 1
    budi.post(f"{WORK}/penutupan", {"resolution": "Tabel lengkap dikirim."})
    assert "Tabel lengkap dikirim." in hasan.get(WORK).text
    assert NUMBER not in budi.get(LIST).text
    assert NUMBER in rina.get(f"{LIST}/selesai").text


def test_it_is_not_closed_before_the_user_was_written_to(low, budi):
    budi.post(f"{WORK}/pengambilan")

    answer = budi.post(f"{WORK}/penutupan", {"resolution": "Sudah."})

    assert answer.status_code == 409
    assert "Kirim tindak lanjut kepada pengguna" in answer.text


def test_a_second_person_closes_it_when_so_set(low, budi, rina, hasan, andi):
    andi.post("/admin/pengaturan", {"follow_up_second_person": "ya"})
    budi.post(f"{WORK}/pengambilan")
    send_letter(budi)
    budi.post(f"{WORK}/penutupan", {"resolution": "Tabel dikirim."})
    assert "Menunggu pengesahan" in budi.get(WORK).text
    refused = budi.post(f"{WORK}/pengesahan")
    assert refused.status_code == 409
    assert "oleh orang lain" in refused.text

    rina.post(f"{WORK}/pengembalian", {"reason": "Tulis tabel yang mana."})
    assert "Tulis tabel yang mana." in budi.get(WORK).text
    budi.post(f"{WORK}/penutupan", {"resolution": "Tabel 3.1 dikirim."})
    assert hasan.post(f"{WORK}/pengesahan").status_code == 303

    assert "disahkan Hasan Basri" in budi.get(WORK).text
    assert rina.post(f"{WORK}/pengesahan").status_code == 409


def test_the_user_s_answer_after_closing_opens_it_again_for_a_while(
    low, budi, visitor, andi, at
):
    budi.post(f"{WORK}/pengambilan")
    send_letter(budi)
    reply = link_in(andi, "Menindaklanjuti masukan", "/tindak-lanjut/")
    budi.post(f"{WORK}/penutupan", {"resolution": "Tabel dikirim."})
    at("2026-03-16 09:00+07:00")
    assert visitor.post(reply, {"body": "Belum jelas."}).status_code == 303
    budi.post("/keluar")
    budi.log_in("budi")
    assert "Pengguna menanggapi" in budi.get(WORK).text

    budi.post(f"{WORK}/penutupan", {"resolution": "Dijelaskan lewat telepon."})
    at("2026-03-30 09:00:01+07:00")

    for answer in (visitor.get(reply), visitor.post(reply, {"body": "Halo"})):
        assert answer.status_code == 410
        assert "sudah berakhir" in answer.text


def test_an_answer_that_cannot_be_taken_is_explained(low, visitor, andi):
    reply = link_in(andi, "mohon maaf karena pelayanan", "/tindak-lanjut/")
    for body in ("", "   ", "x" * 100_000):
        assert visitor.post(reply, {"body": body}).status_code == 422
    assert visitor.get("/tindak-lanjut/x").status_code == 404
    assert visitor.client.post(reply, data={"body": "Halo"}).status_code == 400

    for _ in range(2):
        answer = visitor.post(reply, {"body": "Tabel 3.1 saja.", "key": "k1"})
        assert answer.status_code == 303

    assert visitor.get(reply).text.count("Tabel 3.1 saja.") == 1
