"""The mails of a follow-up: files, previews and templates."""

import re
from io import BytesIO

import sqlalchemy as sa

from pst.database import db
from pst.feedback.follow_ups.files import FollowUpFile
from pst.outbox.mail_files import MailFile
from tests.journeys.conftest import Browser, hidden
from tests.journeys.mailbox import letters, link_in
from tests.steps import LETTER, LIST, PDF, WORK


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
