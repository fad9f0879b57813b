"""Sending files, with and without JavaScript, and getting them back."""

import re
from io import BytesIO

import pytest
from PIL import Image

from pst.consultations.attached_files import attachments
from pst.consultations.attached_files.attachments import Attachment
from pst.database import db
from tests.steps import DESK, MINE, PDF, ask, upload

NAME = re.compile(r">(berkas-\d\.pdf)<")


def file_address(page: str) -> str:
    match = re.search(r'href="(/konsultasi/[^"]+/lampiran/\d+)"', page)
    assert match
    return match[1]


def test_a_plain_form_sends_several_files(served, siti, budi):
    answer = siti.post(
        f"{MINE}/pesan",
        {
            "body": "Ini berkasnya.",
            "files": [(BytesIO(PDF), "laporan.pdf"), (BytesIO(b"a,b\n"), "data.csv")],
        },
        content_type="multipart/form-data",
    )

    assert answer.status_code == 303
    page = budi.get(DESK).text
    assert "laporan.pdf" in page and "data.csv" in page
    assert budi.get(file_address(page)).data == PDF


def test_a_file_needs_no_words(served, siti, budi):
    siti.post(
        f"{MINE}/pesan",
        {"body": "", "files": (BytesIO(PDF), "laporan.pdf")},
        content_type="multipart/form-data",
    )

    assert "laporan.pdf" in budi.get(DESK).text


def test_an_upload_tried_again_is_one_file(served, siti, budi):
    first, again = upload(siti, PDF, "laporan.pdf"), upload(siti, PDF, "laporan.pdf")
    assert first.status_code == again.status_code == 201
    assert first.json == again.json

    siti.post(f"{MINE}/pesan", {"body": "Ini", "attachment": str(first.json["id"])})

    assert budi.get(DESK).text.count(">laporan.pdf<") == 1


def test_a_download_goes_on_where_it_stopped(served, siti):
    id = upload(siti, PDF, "laporan.pdf").json["id"]
    whole = siti.get(f"{MINE}/lampiran/{id}")

    rest = siti.get(f"{MINE}/lampiran/{id}", headers={"Range": "bytes=100-"})

    assert rest.status_code == 206
    assert whole.data[:100] + rest.data == PDF
    assert "attachment" in whole.headers["Content-Disposition"]
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    assert whole.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_for_its_people_only(served, siti, dewi, budi):
    id = upload(siti, PDF, "laporan.pdf").json["id"]
    path = f"{MINE}/lampiran/{id}"

    assert dewi.get(path).status_code == 404
    assert budi.get(path).status_code == 404  # not sent yet
    siti.post(f"{MINE}/pesan", {"body": "Ini", "attachment": str(id)})
    assert budi.get(path).status_code == 200
    assert dewi.get(path).status_code == 404


def test_no_one_sends_the_file_of_another(served, siti, budi, dewi):
    id = upload(siti, PDF, "rahasia.pdf").json["id"]
    ask(dewi)

    dewi.post("/konsultasi/KS-2026-000002/pesan", {"body": "x", "attachment": str(id)})

    assert "rahasia.pdf" not in dewi.get("/konsultasi/KS-2026-000002").text


def test_a_picture_shows_its_preview(served, siti, budi):
    out = BytesIO()
    Image.new("RGB", (800, 600), "teal").save(out, "PNG")
    id = upload(siti, out.getvalue(), "peta.png").json["id"]
    siti.post(f"{MINE}/pesan", {"body": "", "attachment": str(id)})

    assert f"{MINE}/lampiran/{id}/pratinjau" in budi.get(DESK).text
    answer = budi.get(f"{MINE}/lampiran/{id}/pratinjau")
    assert answer.mimetype == "image/webp"
    assert len(answer.data) <= 20_000


def test_a_refused_file_is_explained_and_the_words_are_kept(served, siti):
    answer = siti.post(
        f"{MINE}/pesan",
        {"body": "Kata-kata saya", "files": (BytesIO(b"MZ\x90\0"), "program.pdf")},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 422
    assert "Jenis berkas tidak didukung" in answer.text
    assert "Kata-kata saya" in answer.text
    assert upload(siti, b"MZ\x90\0", "program.pdf").status_code == 422
    assert upload(siti, b"%PDF-" + b"x" * 10_100_000, "besar.pdf").status_code == 413


def test_reading_is_shown_to_the_other_side(served, siti, budi):
    siti.post(f"{MINE}/pesan", {"body": "Halo Pak"})
    assert "dibaca petugas" not in siti.get(MINE).text

    newest = re.search(r'hx-ptag="(\d+)', budi.get(DESK).text)
    assert newest
    budi.post(f"{MINE}/bacaan", {"upto": newest[1]})

    assert "dibaca petugas pukul 09.00" in siti.get(MINE).text


def draft_files(page: str) -> list[tuple[str, str]]:
    """Read the files that wait with the officer's draft: number and name."""
    return re.findall(
        r'name="attachment" value="(\d+)" checked><span>([\w.-]+) \(', page
    )


def draft(budi, button: str, **form: object):
    data = {"body": "Terlampir.", "press": button, **form}
    return budi.post(f"{DESK}/pesan", data, content_type="multipart/form-data")


@pytest.mark.parametrize("button", ["draf", "templat"])
def test_a_file_chosen_without_scripts_waits_with_the_draft(served, siti, budi, button):
    file = {"files": (BytesIO(PDF), "tabel.pdf")}
    assert draft(budi, button, key="k1", **file).status_code == 303
    again = {"files": (BytesIO(PDF), "tabel.pdf")}
    draft(budi, button, key="k1", **again)

    page = budi.get(DESK).text
    [(id, name)] = draft_files(page)
    assert name == "tabel.pdf"
    assert "tabel.pdf" not in siti.get(MINE).text

    draft(budi, "kirim", attachment=id)
    assert "tabel.pdf" in siti.get(MINE).text
    assert draft_files(budi.get(DESK).text) == []


def test_a_kept_file_that_is_not_wanted_goes(served, siti, budi):
    draft(budi, "draf", files=(BytesIO(PDF), "salah.pdf"))
    draft(budi, "draf", files=(BytesIO(PDF), "benar.pdf"))

    [(id, name)] = draft_files(budi.get(DESK).text)
    assert name == "benar.pdf"
    draft(budi, "kirim")

    assert "pdf" not in siti.get(MINE).text.split("composer")[0]
    assert draft_files(budi.get(DESK).text) == []


def test_a_file_that_may_not_be_sent_is_refused_before_it_waits(served, budi):
    answer = draft(budi, "draf", files=(BytesIO(b"MZ\x90"), "alat.exe"))

    assert answer.status_code == 422
    assert "Jenis berkas tidak didukung." in answer.text
    assert "Terlampir." in answer.text


def test_a_file_is_not_lost_when_others_wrote_in_between(served, siti, budi):
    match = re.search(r'name="seen"[^>]*value="(\d+)"', budi.get(DESK).text)
    assert match
    siti.post(f"{MINE}/pesan", {"body": "Satu lagi."})

    answer = draft(budi, "kirim", seen=match[1], files=(BytesIO(PDF), "tabel.pdf"))

    assert answer.status_code == 409
    assert [name for _, name in draft_files(answer.text)] == ["tabel.pdf"]


def test_who_must_choose_a_file_again_is_told(served, siti):
    form = {"body": "a" * 10_001, "files": (BytesIO(PDF), "tabel.pdf")}
    answer = siti.post(f"{MINE}/pesan", form, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "Pilih lagi berkasnya sebelum mengirim." in answer.text


def send(browser, path: str, key: str, name: str):
    form = {"body": "", "key": key, "files": (BytesIO(PDF), name)}
    assert browser.post(f"{path}/pesan", form).status_code == 303


def test_keys_that_begin_alike_are_two_messages_with_a_file_each(served, siti, budi):
    for end in "12":
        send(siti, MINE, "k" * 58 + end, f"berkas-{end}.pdf")

    entries = budi.get(DESK).text.split('id="message-')
    assert [name for entry in entries for name in NAME.findall(entry)[:1]] == [
        "berkas-1.pdf",
        "berkas-2.pdf",
    ]


def test_a_file_that_was_sent_stays_in_its_conversation(served, siti, budi):
    other = ask(siti, subject="Harga beras").location
    send(siti, MINE, "kunci", "satu.pdf")
    id = upload(siti, PDF, "dua.pdf", "kunci-2").json["id"]
    siti.post(f"{MINE}/pesan", {"body": "Ini", "attachment": str(id)})

    send(siti, other, "kunci", "lain.pdf")
    again = siti.post(
        f"{other}/lampiran",
        {"files": (BytesIO(PDF), "dua.pdf"), "key": "kunci-2"},
        content_type="multipart/form-data",
    )
    siti.post(f"{other}/pesan", {"body": "x", "attachment": str(again.json["id"])})

    page = budi.get(DESK).text
    assert "satu.pdf" in page and "dua.pdf" in page
    assert "lain.pdf" in siti.get(other).text and "satu.pdf" not in siti.get(other).text
    assert "dua.pdf" in siti.get(other).text


def test_another_file_under_the_same_form_key_is_kept_too(served, siti, budi):
    draft(budi, "draf", key="k1", files=(BytesIO(PDF), "satu.pdf"))
    [(id, _)] = draft_files(budi.get(DESK).text)

    other = (BytesIO(PDF + b"2"), "dua.pdf")
    draft(budi, "draf", key="k1", attachment=id, files=other)

    assert [name for _, name in draft_files(budi.get(DESK).text)] == [
        "satu.pdf",
        "dua.pdf",
    ]


def test_no_file_of_a_draft_is_dropped_for_being_one_too_many(served, siti, budi):
    for n in range(11):
        ids = [id for id, _ in draft_files(budi.get(DESK).text)]
        file = (BytesIO(PDF + str(n).encode()), f"f{n}.pdf")
        answer = draft(budi, "draf", key=f"k{n}", attachment=ids, files=file)

    assert answer.status_code == 422
    assert "Paling banyak 10 berkas" in answer.text
    assert len(draft_files(budi.get(DESK).text)) == 10


def test_a_file_of_a_draft_outlives_a_long_weekend(served, siti, budi, app, at):
    draft(budi, "draf", files=(BytesIO(PDF), "tabel.pdf"))

    for moment, left in (("2026-03-12", 1), ("2026-04-12", 0)):
        at(f"{moment} 09:00+07:00")
        with app.app_context():
            attachments.sweep_files()
            count = db.select(db.func.count(Attachment.id))
            assert db.session.scalar(count) == left
            db.session.commit()
