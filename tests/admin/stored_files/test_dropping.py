"""Only attachments that no archive names are dropped."""

import hashlib
from collections.abc import Callable

import pytest

from pst.admin.backups import (
    backup,
    duties,
    notes,
    stored_files,
)
from pst.admin.backups.archives import BackupFailed
from pst.config import Config
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.models import Consultation
from pst.database import db, transaction
from tests.admin.stored_files.steps import TEXTS, stored_in
from tests.kept_files import lose

At = Callable[[str], None]


def test_attachments_that_no_archive_names_are_dropped(
    config: Config, consultation: Consultation, at: At
):
    backup.create(config)
    with transaction():
        db.session.query(Attachment).filter_by(name="satu.pdf").delete()
    lose(TEXTS[0])
    at("2026-03-02 21:00+07:00")  # the same day: the schedule keeps the newer one
    backup.create(config)
    assert len(stored_in(config.backup_dir)) == 2

    duties.tidy_backups()

    assert len(notes.archives_in(config.backup_dir)) == 1
    (left,) = stored_in(config.backup_dir)
    assert left.name.startswith(hashlib.sha256(TEXTS[1]).hexdigest())


def test_nothing_is_dropped_while_a_backup_is_made(config: Config):
    backup.create(config)
    stray = config.backup_dir / "files" / "clear" / "ab" / f"ab{'0' * 62}"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"new, and no archive names it yet")

    with stored_files.hold(config.backup_dir):
        duties.tidy_backups()
    assert stray.exists()

    duties.tidy_backups()
    assert not stray.exists()


def test_nothing_is_dropped_when_it_is_not_known_what_is_needed(config: Config):
    archive = backup.create(config)
    stored_files.path_of_list(archive).unlink()

    with pytest.raises(BackupFailed, match=archive.name):
        duties.tidy_backups()

    assert len(stored_in(config.backup_dir)) == 2
