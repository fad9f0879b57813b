"""Which backups count, by what is noted next to each."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pst import clock
from pst.admin.backups import notes
from pst.admin.backups.notes import ArchiveNote


@pytest.fixture
def archive(tmp_path: Path, at) -> Path:
    """Return a backup made and verified now."""
    path = tmp_path / "pst-20260302-0900.tar.gz"
    path.write_bytes(b"x")
    now = clock.now().isoformat()
    notes.write(path, ArchiveNote(now, "a" * 64, 1, "1.0.0", 0, now))
    return path


def test_a_backup_by_a_clock_that_is_a_little_ahead_counts(archive: Path, at):
    at("2026-03-02 08:00+07:00")
    assert [each.path for each in notes.until_now(archive.parent)] == [archive]
    age = notes.age(archive.parent)
    assert age is not None and age.total_seconds() == 0

    at("2026-03-02 07:59:59+07:00")
    assert notes.until_now(archive.parent) == []
    assert notes.age(archive.parent) is None


def test_an_empty_archive_is_no_backup(archive: Path):
    archives = notes.read(archive)
    assert archives is not None
    notes.write(archive, replace(archives.note, size=0))

    assert notes.read(archive) is None
    assert notes.until_now(archive.parent) == []


def test_a_note_of_another_version_is_read_as_far_as_it_is_known(archive: Path, at):
    path = notes.path_of_note(archive)
    facts = json.loads(path.read_text())
    del facts["verified_at"]
    path.write_text(json.dumps({**facts, "colour": "blue"}))
    at("2026-03-09 09:00+07:00")

    archives = notes.read(archive)

    assert archives is not None
    assert archives.verified_at == archives.created_at, "it was not looked at since"
