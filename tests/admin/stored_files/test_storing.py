"""Attachments lie once in the folder of the backups, whole and with their key."""

import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from pst.admin.backups import (
    archives,
    backup,
    duties,
    gathering,
    notes,
    restoring,
    stored_files,
)
from pst.admin.backups.archives import BackupFailed
from pst.config import Config
from pst.database import db
from pst.database.copies import SQLITE
from pst.uploads.file_store import files
from tests.admin.stored_files.steps import TEXTS, clear, contents, stored_in
from tests.kept_files import lose
from tests.postgresql import of_sqlite

At = Callable[[str], None]


def test_a_second_backup_stores_no_attachment_again(config: Config, at: At):
    config = clear(config)
    first = backup.create(config)
    before = {path: path.stat().st_ino for path in stored_in(config.backup_dir)}
    at("2026-03-03 09:00+07:00")

    second = backup.create(config)

    after = {path: path.stat().st_ino for path in stored_in(config.backup_dir)}
    assert after == before
    assert len(after) == 2
    for made in (first, second):
        with tarfile.open(made) as tar:
            assert not [name for name in tar.getnames() if "attachments" in name]
        assert len(archives.verify(made).stored) == 2


def test_what_is_stored_is_not_read_again(
    config: Config, at: At, monkeypatch: pytest.MonkeyPatch
):
    backup.create(config)
    read: list[Path] = []
    hash_of = archives.hash_of
    monkeypatch.setattr(
        backup, "hash_of", lambda path: read.append(path) or hash_of(path)
    )
    at("2026-03-03 09:00+07:00")

    backup.create(config)

    assert not [path for path in read if "attachments" in path.parts]


def test_another_key_stores_them_again_for_that_key(
    config: Config, tmp_path: Path, elsewhere: Flask, at: At
):
    backup.create(config)
    other = pyrage.x25519.Identity.generate()
    (tmp_path / "other.txt").write_text(str(other))
    at("2026-03-03 09:00+07:00")

    archive = backup.create(replace(config, backup_recipient=str(other.to_public())))

    assert len(stored_in(config.backup_dir)) == 4
    with elsewhere.app_context():
        restoring.restore(elsewhere.config["PST"], archive, tmp_path / "other.txt")
        db.engine.dispose()
    assert contents(elsewhere) == set(TEXTS)


def test_the_list_of_an_archive_in_clear_is_written_again(config: Config):
    config = clear(config)
    archive = backup.create(config)
    stored_files.path_of_list(archive).write_bytes(b"torn")
    with pytest.raises(BackupFailed, match="cannot be read"):
        duties.tidy_backups()

    for also in ((), (notes.path_of_note(archive),)):
        for path in (stored_files.path_of_list(archive), *also):
            path.unlink()
        duties.tidy_backups()
        assert len(stored_files.read_list(archive)) == 2
        assert len(stored_in(config.backup_dir)) == 2


def test_a_damaged_attachment_is_set_aside_and_stored_again(config: Config, at: At):
    duties.back_up()
    duties.verify_backups()
    harmed = stored_in(config.backup_dir)[0]
    harmed.write_bytes(b"?" + harmed.read_bytes()[1:])
    at("2026-03-10 09:00+07:00")  # a week later

    with pytest.raises(BackupFailed, match="damaged"):
        duties.verify_backups()
    assert len(stored_in(config.backup_dir)) == 1
    duties.back_up()
    assert len(stored_in(config.backup_dir)) == 2

    harmed.with_name(harmed.name + ".damaged").unlink()
    duties.verify_backups()


def test_each_place_mends_the_other(config: Config, tmp_path: Path, at: At):
    second = tmp_path / "second"
    second.mkdir()
    current_app.config["PST"] = config = replace(config, backup_copy_dir=second)
    duties.back_up()
    duties.copy_backups()
    assert len(stored_in(second)) == 2

    stored_in(second)[0].unlink()
    stored_in(config.backup_dir)[1].unlink()
    with pytest.raises(BackupFailed, match="are missing"):
        duties.verify_backups()
    duties.copy_backups()

    assert len(stored_in(second)) == len(stored_in(config.backup_dir)) == 2
    duties.verify_backups()


def test_an_attachment_erased_while_a_backup_is_made_stops_it_not(
    config: Config, monkeypatch: pytest.MonkeyPatch
):
    listed = list(backup.every_file(files()))
    lose(TEXTS[0])
    monkeypatch.setattr(backup, "every_file", lambda store: listed)
    monkeypatch.setattr(backup, "refuse_little_room", lambda config: None)

    archive = backup.create(config)

    kept = notes.read(archive)
    assert kept and (kept.note.missing, kept.note.stored) == (1, 1)


def test_the_list_of_backups_tells_sizes(config: Config):
    backup.create(config)

    output = current_app.test_cli_runner().invoke(args=["backup", "list"]).output

    assert "2 files" in output


@of_sqlite
def test_a_row_that_is_gone_is_still_described(config: Config, tmp_path: Path):
    copy = tmp_path / "copy.sqlite3"
    with SQLITE.copied(config.database_url, copy) as connection:
        connection.execute(sa.text("DELETE FROM attachment"))
    database = SQLITE.opened(copy, "")

    (said,) = gathering.describe(SQLITE, database, ["attachments/ab/abc"])

    assert said == "no longer used: attachments/ab/abc"
