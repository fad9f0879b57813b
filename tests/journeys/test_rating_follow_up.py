"""A low rating is acknowledged, followed up by mail, answered and closed."""

import re
from io import BytesIO

import sqlalchemy as sa

from pst.database import db
from pst.feedback.follow_ups.files import FollowUpFile
from pst.outbox.mail_files import MailFile
from tests.journeys.conftest import Browser, hidden
from tests.journeys.mailbox import letters, link_in
from tests.steps import DESK, LETTER, LIST, PDF, WORK, ask, send_letter

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


def test_sending_twice_sends_once(low, budi, andi):
    budi.post(f"{WORK}/pengambilan")
    budi.post(f"{WORK}/email", {"body": LETTER})
    key = hidden(budi.get(f"{WORK}/email/pratinjau").text, "key")

    answers = [budi.post(f"{WORK}/pengiriman", {"key": key}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(letters(andi, "tabel lengkapnya")) == 1


def attach(officer: Browser, *files: tuple[str, bytes], **more: object):
    form = {"body": LETTER, "press": "pratinjau", "has_files": "ada", **more}
    form["files"] = [(BytesIO(content), name) for name, content in files]
    return officer.post(f"{WORK}/email", form, content_type="multipart/form-data")


def test_a_follow_up_mail_carries_files(low, visitor, budi, andi, app, at):
    budi.post(f"{WORK}/pengambilan")
    table = ("tabel.csv", b"kecamatan,jiwa\nBatur,38000\n")
    assert attach(budi, table, ("surat.pdf", PDF)).status_code == 303
    preview = budi.get(f"{WORK}/email/pratinjau").text
    assert "tabel.csv" in preview and "surat.pdf" in preview
    matches = re.findall(r'name="file" value="(\d+)"', budi.get(f"{WORK}/email").text)
    assert len(matches) == 2
    at("2026-03-02 09:01+07:00")
    attach(budi, file=matches[0])  # the other one is not ticked any more

    stale = budi.post(f"{WORK}/pengiriman", {"key": hidden(preview, "key")})
    assert stale.status_code == 409, "the preview showed another file"
    page = budi.get(f"{WORK}/email/pratinjau").text
    assert "surat.pdf" not in page
    assert budi.post(f"{WORK}/pengiriman", {"key": hidden(page, "key")})

    with app.app_context():
        (file,) = db.session.scalars(sa.select(MailFile))
        assert (file.name, file.type, file.content) == (table[0], "text/csv", table[1])
        assert not db.session.scalars(sa.select(FollowUpFile)).all()
    assert "Lampiran: tabel.csv" in budi.get(WORK).text
    reply = link_in(andi, "Menindaklanjuti masukan", "/tindak-lanjut/")
    assert "Lampiran email: tabel.csv" in visitor.get(reply).text


def test_a_bad_file_costs_neither_the_text_nor_the_others(low, budi):
    budi.post(f"{WORK}/pengambilan")

    refused = attach(budi, ("surat.pdf", PDF), ("program.exe", b"MZ\x90"))

    assert refused.status_code == 422
    assert "program.exe: " in refused.text
    assert "surat.pdf" in refused.text
    assert LETTER in refused.text
    many = attach(budi, *[(f"{n}.pdf", PDF) for n in range(6)])
    assert many.status_code == 422
    assert "Paling banyak 5 berkas" in many.text


def test_what_was_changed_after_the_preview_is_not_sent(low, budi, andi, at):
    budi.post(f"{WORK}/pengambilan")
    budi.post(f"{WORK}/email", {"body": LETTER})
    key = hidden(budi.get(f"{WORK}/email/pratinjau").text, "key")
    at("2026-03-02 09:01+07:00")
    budi.post(f"{WORK}/email", {"body": "Lain lagi.", "press": "simpan"})

    answer = budi.post(f"{WORK}/pengiriman", {"key": key})

    assert answer.status_code == 409
    assert "berubah setelah pratinjau" in answer.text
    assert not letters(andi, "Lain lagi.")


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


def test_it_is_not_closed_before_the_user_was_written_to(low, budi):
    budi.post(f"{WORK}/pengambilan")

    answer = budi.post(f"{WORK}/penutupan", {"resolution": "Sudah."})

    assert answer.status_code == 409
    assert "Kirim tindak lanjut kepada pengguna" in answer.text


def test_a_template_is_put_in_and_must_be_finished(low, budi, andi):
    budi.post(f"{WORK}/pengambilan")
    page = budi.get(f"{WORK}/email").text
    late = re.search(r'<option value="(\d+)">Jawaban terlambat', page)[1]
    budi.post(
        f"{WORK}/email", {"body": "Bu Siti,", "template": late, "press": "templat"}
    )

    text = budi.get(f"{WORK}/email").text
    refused = budi.post(f"{WORK}/email", {"body": "Karena [tulis penyebab]."})

    assert "Bu Siti," in text
    assert "konsultasi KS-2026-000001 tidak kami jawab tepat waktu" in text
    assert refused.status_code == 422
    assert "Karena [tulis penyebab]." in refused.text


def test_officers_edit_the_templates(budi, hasan):
    data = {"name": "Terima kasih", "body": "Yth. {nama}, terima kasih."}
    assert budi.post(f"{LIST}/templat/baru", data).status_code == 303
    page = budi.get(f"{LIST}/templat").text
    path = re.search(r'href="([^"]+/\d+)">Terima kasih<', page)[1]
    assert budi.post(path, {**data, "body": "Terima kasih banyak."}).status_code == 303
    assert "banyak" in budi.get(path).text

    answer = budi.post(f"{LIST}/templat/baru", data)

    assert answer.status_code == 422
    assert "Sudah ada templat bernama" in answer.text
    budi.post(f"{path}/tawaran", {"active": ""})
    assert "Tidak ditawarkan" in budi.get(f"{LIST}/templat").text
    assert hasan.get(path).status_code == 403
    assert budi.get(f"{LIST}/templat/999").status_code == 404


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
