"""Who was erased since a backup is erased again after it was put back."""

import pytest
import sqlalchemy as sa

from pst.accounts.users import User
from pst.admin.backups import restoring
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.database import db
from pst.personal_data import erasure
from pst.uploads import storage
from pst.uploads.file_types import Format
from pst.uploads.storage import StoredFile
from tests.kept_files import attached


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Note each time that words are taken out of the indexes."""
    times: list[bool] = []
    monkeypatch.setattr(restoring, "forget_words", lambda: times.append(True))
    return times


def created(person: User) -> object:
    """Read the moment as the database has it."""
    query = sa.text('SELECT created_at FROM "user" WHERE id = :id')
    return db.session.scalar(query, {"id": person.id})


def test_only_the_same_person_is_erased_again_and_with_all_files(
    spoken, siti, dewi, forgotten
):
    hers, others = created(siti), "2025-01-01 00:00:00.000000"
    db.session.commit()
    assert attached()

    # An older backup: this number was given to another person later.
    assert restoring.erase_again([(siti.id, others)]) == 0
    assert not siti.is_erased and forgotten == []

    assert restoring.erase_again([(siti.id, hers), (siti.id, hers)]) == 1
    db.session.refresh(siti)
    assert siti.is_erased and not dewi.is_erased
    assert not attached() and forgotten == [True]


def test_the_files_of_all_her_conversations_are_named_for_removal(siti, spoken):
    texts = (b"%PDF-1.7 satu", b"%PDF-1.7 dua")
    for number, text in enumerate(texts):
        other = Consultation.ask(siti, Category.DATA, f"Lain {number}", "Uraian")
        file = StoredFile("a.pdf", Format.PDF, 13, storage.keep(text), None)
        kept = Attachment.keep(
            file, consultation_id=other.id, uploader=siti, key=f"k{number}"
        )
        other.say(siti, "Ini berkasnya.", attachments=[kept])
    db.session.flush()
    assert len(attached()) == 3

    erasure.remove(erasure.erase(siti, by=siti))

    assert attached() == set()
