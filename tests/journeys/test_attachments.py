"""Sending files, with and without JavaScript, and getting them back."""

import re
from io import BytesIO

from PIL import Image

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
