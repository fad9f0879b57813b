"""Drafts of an answer, files that wait with them, and files that go with a message."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from pst import clock
from pst.consultations.answers.drafts import Draft, DraftOfAnotherPage
from pst.consultations.attached_files import attachments
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.models import Consultation
from pst.consultations.states import Category, Next
from pst.database import db
from pst.office.audit import AuditEntry
from pst.rules import WrongState
from pst.uploads.file_types import Format
from pst.uploads.storage import StoredFile


def stored(name: str = "a.txt", size: int = 10, **more: str) -> StoredFile:
    return StoredFile(name, Format.TXT, size, (name * 64)[:64], None, **more)


def keep_file(consultation, uploader, name: str = "a.txt", **more) -> Attachment:
    file = stored(name, more.pop("size", 10))
    return Attachment.keep(
        file, consultation_id=consultation.id, uploader=uploader, key=name, **more
    )


def draft_of(consultation, writer) -> str | None:
    draft = Draft.of(consultation, writer)
    return draft and draft.body


# Drafts


def test_a_draft_is_its_writers_alone_and_of_one_conversation(mine, budi, rina, siti):
    Draft.keep(mine, budi, "Jumlahnya", None)
    other = Consultation.ask(siti, Category.DATA, "IPM", "IPM?")

    assert draft_of(mine, budi) == "Jumlahnya"
    assert draft_of(mine, rina) is None
    assert draft_of(other, budi) is None


def test_a_draft_goes_on_from_the_version_that_its_page_has(mine, budi, at):
    first = Draft.keep(mine, budi, "Jumlahnya", None, "")
    at("2026-03-02 09:01+07:00")
    second = Draft.keep(mine, budi, "31.000 jiwa.", None, first)
    assert second == clock.now().isoformat() != first

    with pytest.raises(DraftOfAnotherPage, match="31.000 jiwa"):
        Draft.keep(mine, budi, "29.000 jiwa.", None, first)
    Draft.keep(mine, budi, "Ada 31.000 jiwa. Benar.", None, first)
    assert draft_of(mine, budi) == "Ada 31.000 jiwa. Benar."


def test_nothing_written_keeps_nothing(mine, budi):
    version = Draft.keep(mine, budi, "Jumlahnya", None)

    assert Draft.keep(mine, budi, " \n", None, version) == ""
    assert draft_of(mine, budi) is None


def test_a_draft_that_comes_after_its_message_is_not_kept(mine, budi, siti):
    mine.say(budi, "31.000 jiwa.", key="k")
    assert Draft.keep(mine, budi, "31.000", "k") == ""
    assert draft_of(mine, budi) is None

    other = Consultation.ask(siti, Category.DATA, "IPM", "IPM?")
    other.claim(budi)
    version = Draft.keep(other, budi, "71,2", "k")
    assert draft_of(other, budi) == "71,2"
    assert Draft.keep(mine, budi, "31.000", "other") != ""
    assert Draft.keep(mine, budi, "Lain", "k") == Draft.of(mine, budi).version
    assert version == Draft.of(other, budi).version


def test_what_was_sent_ends_its_draft_and_not_that_of_another_page(mine, budi):
    version = Draft.keep(mine, budi, "Jumlahnya 31.000", None)
    file = keep_file(mine, budi, mark=attachments.DRAFT_MARK)
    Draft.become(mine, budi, "Tahun berapa?", "another")
    assert draft_of(mine, budi) == "Jumlahnya 31.000"
    assert Draft.files_of(mine, budi) == [file]

    Draft.become(mine, budi, "Sudah kami kirim.", version)

    assert draft_of(mine, budi) is None
    assert Draft.files_of(mine, budi) == []


def test_nothing_is_kept_of_what_was_erased(mine, budi):
    mine.erase(None)

    with pytest.raises(WrongState, match="dihapus"):
        Draft.keep(mine, budi, "31.000", None)
    with pytest.raises(WrongState, match="dihapus"):
        Draft.keep_files(mine, budi, [stored()], "k")


def test_files_wait_with_a_draft_until_they_are_sent_or_not_wanted(mine, budi, rina):
    Draft.keep_files(mine, budi, [stored("a.txt"), stored("b.txt")], "k")
    Draft.keep_files(mine, budi, [stored("a.txt")], "k")
    keep_file(mine, budi, "c.txt")  # chosen on the page, for a message
    Draft.keep_files(mine, rina, [stored("d.txt")], "k")
    first, second = Draft.files_of(mine, budi)
    assert [first.name, second.name] == ["a.txt", "b.txt"]

    Draft.drop_files(mine, budi, but={second.id})
    db.session.flush()
    assert Draft.files_of(mine, budi) == [second]
    mine.say(budi, "Ini.", attachments=[second])
    db.session.flush()

    assert Draft.files_of(mine, budi) == []
    assert len(Draft.files_of(mine, rina)) == 1


# Files


def test_only_ones_own_uploads_to_this_conversation_go_along(mine, budi, siti, rina):
    other = Consultation.ask(siti, Category.DATA, "IPM", "IPM?")
    second, first = keep_file(mine, budi, "b.txt"), keep_file(mine, budi, "a.txt")
    hers, elsewhere = keep_file(mine, siti, "c.txt"), keep_file(other, budi, "d.txt")
    ids = [first.id, hers.id, elsewhere.id, second.id]

    assert Attachment.uploaded(ids, mine.id, budi) == [second, first]
    assert Attachment.uploaded([], mine.id, budi) == []


def test_the_same_file_under_the_same_key_is_kept_once(mine, budi, siti):
    first = keep_file(mine, budi)

    assert keep_file(mine, budi) is first
    assert keep_file(mine, siti) is not first
    assert keep_file(mine, budi, "b.txt") is not first


def test_a_file_that_is_sent_again_goes_along_as_a_copy(mine, budi):
    file = keep_file(mine, budi)
    first = mine.say(budi, "Ini.", attachments=[file])
    file.go_with(first.id)
    second = mine.say(budi, "Ini lagi.", attachments=[file])
    db.session.flush()
    db.session.expire_all()

    assert file.message_id == first.id
    assert [each.id for each in first.attachments] == [file.id]
    [copy] = second.attachments
    assert copy.id != file.id
    assert (copy.name, copy.sha256) == (file.name, file.sha256)


def test_what_the_scanner_found_stands_in_the_trail(mine, budi):
    clean, held = (
        Attachment.keep(file, consultation_id=mine.id, uploader=budi, key="k")
        for file in (stored("a.txt"), stored("b.txt", finding="Eicar"))
    )

    acts = db.session.scalars(sa.select(AuditEntry).filter_by(action="hold_back_file"))
    assert [act.subject for act in acts] == [f"attachment:{held.id}"]
    assert clean.finding is None


def test_a_user_sends_so_much_a_day_and_staff_as_much_as_it_takes(
    mine, budi, siti, dewi, at
):
    most = attachments.MAX_BYTES_A_DAY
    keep_file(mine, siti, "a.txt", size=most - 1)
    keep_file(mine, budi, "b.txt", size=most)
    assert Attachment.has_room_for(siti)
    keep_file(mine, siti, "c.txt", size=1)

    assert not Attachment.has_room_for(siti)
    assert Attachment.has_room_for(budi)
    assert Attachment.has_room_for(dewi)
    at("2026-03-03 08:59:59+07:00")
    assert not Attachment.has_room_for(siti)
    at("2026-03-03 09:00+07:00")
    assert Attachment.has_room_for(siti)


@pytest.mark.parametrize(("mark", "days"), [("", 2), (attachments.DRAFT_MARK, 30)])
def test_a_forgotten_upload_is_swept_after_its_days(mine, budi, at, mark, days):
    sent = keep_file(mine, budi, "sent.txt")
    mine.say(budi, "Ini.", then=Next.DONE, attachments=[sent])
    waiting = keep_file(mine, budi, "waiting.txt", mark=mark).id
    db.session.commit()
    begin = clock.now()

    at(begin + timedelta(days=days))
    attachments.sweep_files()
    assert db.session.get(Attachment, waiting) is not None
    at(begin + timedelta(days=days, seconds=1))
    attachments.sweep_files()
    db.session.expire_all()

    assert db.session.get(Attachment, waiting) is None
    assert db.session.get(Attachment, sent.id) is not None
