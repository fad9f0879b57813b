"""Files that wait with a draft, without JavaScript."""

import re
from io import BytesIO

import pytest

from pst.consultations.attached_files import attachments
from pst.consultations.attached_files.attachments import Attachment
from pst.database import db
from tests.steps import DESK, MINE, PDF


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
