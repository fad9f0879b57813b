"""The files of a follow-up's mail: so many, so large together, and no one else's."""

from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage

from pst.database import db
from pst.feedback.follow_ups import files
from pst.feedback.follow_ups.mail_templates import FollowUpTemplate
from pst.feedback.follow_ups.models import FollowUp
from pst.feedback.models import Rating
from pst.knowledge.article.files import SafeFile
from pst.uploads.file_types import Format


@pytest.fixture
def follow_up(closed) -> FollowUp:
    row = Rating.leave(closed, 1, "Kurang.").follow_up
    assert row is not None
    return row


def of_size(size: int, name: str = "tabel.pdf") -> SafeFile:
    return SafeFile(name, Format.PDF, b"x" * size)


def names(follow_up: FollowUp) -> list[str]:
    return [file.name for file in files.files_of(follow_up.id)]


def test_a_text_to_start_from_is_offered_until_it_is_switched_off(budi):
    text = FollowUpTemplate.add(budi, "Terima kasih", "Yth. {nama}, terima kasih.")
    db.session.flush()
    assert text in FollowUpTemplate.all_by_name()
    text.set_active(budi, False)
    db.session.flush()
    assert text not in FollowUpTemplate.all_by_name()
    assert FollowUpTemplate.all()[-1] is text


def test_five_files_go_with_a_mail(follow_up):
    uploads = [of_size(1, f"{n}.pdf") for n in range(5)]
    assert files.keep(follow_up.id, uploads[:3]) == []
    assert files.keep(follow_up.id, uploads[3:]) == []
    assert names(follow_up) == [f"{n}.pdf" for n in range(5)]

    (refusal,) = files.keep(follow_up.id, [of_size(1, "lagi.pdf")])
    assert "5 berkas" in refusal
    assert len(names(follow_up)) == 5


def test_they_have_seven_megabytes_together(follow_up):
    assert files.keep(follow_up.id, [of_size(4_000_000)]) == []
    assert files.keep(follow_up.id, [of_size(3_000_001)]) != []
    assert files.keep(follow_up.id, [of_size(3_000_000)]) == []
    first, second = files.files_of(follow_up.id)
    assert (first.size, second.size) == (4_000_000, 3_000_000)
    assert first.type == "application/pdf"


def test_what_is_not_wanted_any_more_is_dropped(follow_up):
    files.keep(follow_up.id, [of_size(1, "satu.pdf"), of_size(1, "dua.pdf")])
    second = files.files_of(follow_up.id)[1]

    files.drop(follow_up.id + 1)
    assert len(names(follow_up)) == 2, "those of another are not touched"
    files.drop(follow_up.id, but=[str(second.id)])
    assert names(follow_up) == ["dua.pdf"]
    files.drop(follow_up.id)
    assert names(follow_up) == []


def test_each_file_is_looked_at_and_refused_by_its_name(context):
    uploads = [
        FileStorage(BytesIO(b"nama;jumlah\nA;1\n"), "data.csv"),
        FileStorage(BytesIO(b"MZ\x90\0"), "program.exe"),
    ]
    good, refusals = files.look_at(uploads)
    assert [each.name for each in good] == ["data.csv"]
    assert len(refusals) == 1 and refusals[0].startswith("program.exe: ")
