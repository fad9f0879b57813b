"""Which backups count, by what is noted beside each."""

from dataclasses import replace
from pathlib import Path

import pytest

from pst import clock
from pst.admin.backups import notes
from pst.admin.backups.notes import Note


@pytest.fixture
def archive(tmp_path: Path, at) -> Path:
    """Return a backup made and verified now."""
    path = tmp_path / "pst-20260302-0900.tar.gz"
    path.write_bytes(b"x")
    now = clock.now().isoformat()
    notes.write(path, Note(now, "a" * 64, 1, "1.0.0", 0, now))
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
    kept = notes.read(archive)
    assert kept is not None
    notes.write(archive, replace(kept.note, size=0))

    assert notes.read(archive) is None
    assert notes.until_now(archive.parent) == []
