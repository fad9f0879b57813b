"""How old a backup may be before a lamp says so, which are dropped, which looked at."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from pst import clock
from pst.admin.backups import (
    backup,
    duties,
    looks,
    notes,
    stored_care,
    stored_files,
    verifying,
)
from pst.admin.backups.archives import BackupFailed, hash_of
from pst.admin.backups.notes import ArchiveNote
from pst.admin.continuous_copy import looks as copy_looks
from pst.admin.continuous_copy import state
from pst.config import Config
from pst.lamps import Level
from pst.uploads import storage

At = Callable[[str | datetime], None]
SECOND = timedelta(seconds=1)


@pytest.fixture
def config(app: Flask, context: None, at: At) -> Config:
    config: Config = app.config["PST"]
    config.backup_dir.mkdir()
    return config


def put(folder: Path, made_at: datetime, verified_at: datetime | None = None) -> Path:
    """Put a backup there, with its note."""
    archive = folder / f"pst-{made_at:%Y%m%dT%H%M%SZ}.tar.gz"
    archive.write_bytes(b"x")
    verified = (verified_at or made_at).isoformat()
    made = made_at.isoformat()
    notes.write(archive, ArchiveNote(made, hash_of(archive), 1, "1.0.0", 0, verified))
    return archive


def test_a_backup_is_old_after_a_night_and_lost_after_two(config, at):
    made_at = clock.now()
    put(config.backup_dir, made_at, made_at + timedelta(hours=5))  # looked at again
    for hours, within, after in (
        (27, Level.GOOD, Level.WARN),
        (51, Level.WARN, Level.BAD),
    ):
        at(made_at + timedelta(hours=hours))
        assert looks.backup()[0] is within
        at(made_at + timedelta(hours=hours) + SECOND)
        assert looks.backup()[0] is after


def test_an_office_without_any_backup_is_warned_from_its_first_day(config, at):
    assert looks.backup() == (Level.WARN, None)
    begin = looks._beginning()
    at(begin + timedelta(hours=51))
    assert looks.backup()[0] is Level.WARN
    at(begin + timedelta(hours=51) + SECOND)
    assert looks.backup() == (Level.BAD, None)


def test_a_backup_of_tomorrow_is_told_of(config, at):
    put(config.backup_dir, clock.now() + timedelta(hours=1))
    assert looks.backup_dates() == (Level.GOOD, [])
    strange = put(config.backup_dir, clock.now() + timedelta(hours=1, seconds=1))
    assert looks.backup_dates() == (Level.WARN, [strange.name])


def test_tidying_drops_what_is_surplus_with_its_note_and_no_other(config, at):
    folder = config.backup_dir
    old = put(folder, clock.now() - timedelta(minutes=30))
    new = put(folder, clock.now() - timedelta(minutes=10))
    ahead = [put(folder, clock.now() + timedelta(days=3, hours=n)) for n in (1, 2)]
    stored_files.write_list(old, [])

    backup.tidy(folder)

    assert [*folder.glob(f"{old.name}*")] == [], "the archive, its note and its list"
    assert new.exists() and all(each.exists() for each in ahead)


def test_each_backup_is_looked_at_once_a_week_the_longest_unseen_first(config, at):
    now, week = clock.now(), timedelta(days=7)
    first = put(config.backup_dir, now - 3 * week, now - week + 2 * SECOND)
    second = put(config.backup_dir, now - 2 * week, now - week + SECOND)
    verifying.verify_next(config.backup_dir)
    assert notes.read(first).verified_at == now - week + 2 * SECOND

    at(now + 2 * SECOND)
    verifying.verify_next(config.backup_dir)
    assert notes.read(second).verified_at == clock.now()
    assert notes.read(first).verified_at < now, "one each time"
    verifying.verify_next(config.backup_dir)
    assert notes.read(first).verified_at == clock.now()
    assert notes.read(first).created_at == now - 3 * week


def test_a_look_under_a_clock_that_was_ahead_does_not_count(config, at):
    archive = put(config.backup_dir, clock.now(), clock.now() + SECOND)
    verifying.verify_next(config.backup_dir)
    assert notes.read(archive).verified_at == clock.now()


def test_a_backup_that_changed_is_set_aside(config, at):
    archive = put(config.backup_dir, clock.now() - timedelta(days=8))
    archive.write_bytes(b"y")
    verifying.verify_next(config.backup_dir)
    assert notes.proven_archives(config.backup_dir) == []
    left = [path.name for path in config.backup_dir.glob(f"{archive.name}*")]
    assert left == [f"{archive.name}.damaged"]


def test_an_encrypted_backup_without_a_note_is_not_called_damaged(config):
    archive = config.backup_dir / "pst-20260301T180000Z.tar.gz.age"
    archive.write_bytes(b"x")
    verifying.verify_next(config.backup_dir)
    assert archive.exists(), "only who has the key can say what it is"
    assert notes.read(archive) is None


def test_the_newest_backup_is_copied_first_and_none_from_the_future(
    app, config, tmp_path, monkeypatch
):
    second = tmp_path / "second"
    second.mkdir()
    app.config["PST"] = replace(config, backup_copy_dir=second)
    now, day = clock.now(), timedelta(days=1)
    made = [put(config.backup_dir, now - n * day) for n in (2, 1)]
    put(config.backup_dir, now + 3 * day)
    copied: list[Path] = []
    monkeypatch.setattr(backup, "copy", lambda kept, _: copied.append(kept.path))

    duties.copy_backups()

    assert copied == made[::-1], "the disk may be full before all are there"


def test_a_copy_needs_room_for_the_archive_and_for_what_it_names(
    config, tmp_path, monkeypatch
):
    archive, second = put(config.backup_dir, clock.now()), tmp_path / "second"
    second.mkdir()
    (tmp_path / "berkas").write_bytes(b"12345")
    sha256 = hash_of(tmp_path / "berkas")
    stored_files.put(config.backup_dir, tmp_path / "berkas", sha256, None)
    stored_files.write_list(archive, [f"clear/{sha256}"])
    (kept,) = notes.proven_archives(config.backup_dir)
    needed = kept.size + backup.SPARE + 5
    for free, is_enough in ((needed - 1, False), (needed, True)):
        usage = SimpleNamespace(free=free)
        monkeypatch.setattr(backup.shutil, "disk_usage", lambda _, usage=usage: usage)
        if is_enough:
            backup.copy(kept, second)
        else:
            with pytest.raises(BackupFailed, match="MB free"):
                backup.copy(kept, second)
        assert bool(notes.archives_in(second)) is is_enough


def test_a_backup_needs_room_for_two_databases_and_what_is_not_stored_yet(
    config, tmp_path, monkeypatch
):
    monkeypatch.setattr(backup, "SPARE", 0)
    size = backup.engine_of(config.database_url).size(config.database_url)

    def is_enough(free: int) -> bool:
        stat = SimpleNamespace(f_bavail=free, f_frsize=1)
        monkeypatch.setattr(backup.os, "statvfs", lambda _: stat)
        try:
            backup.refuse_little_room(config)
        except BackupFailed:
            return False
        return True

    assert is_enough(2 * size) and not is_enough(2 * size - 1)
    sha256 = storage.keep(b"12345")
    assert is_enough(2 * size + 5) and not is_enough(2 * size + 4)
    (tmp_path / "berkas").write_bytes(b"12345")
    stored_files.put(config.backup_dir, tmp_path / "berkas", sha256, None)
    assert is_enough(2 * size), "it lies there already"


def test_a_backup_whose_files_are_not_known_lets_none_be_dropped(config, at):
    archive = put(config.backup_dir, clock.now())
    assert stored_care.needs_of(archive) == set(), "it holds them itself"
    note = notes.read(archive).note
    notes.write(archive, replace(note, stored=1))
    with pytest.raises(BackupFailed):
        stored_care.needs_of(archive)


def test_the_continuous_copy_is_late_after_two_minutes_and_lost_after_fifteen(
    app, config, at
):
    assert copy_looks.continuous_copy() == (Level.GOOD, None)
    app.config["PST"] = SimpleNamespace(copy=True, data_dir=config.data_dir)
    assert copy_looks.continuous_copy()[0] is Level.WARN
    state.folder_in(config.data_dir).mkdir()
    state.write(config.data_dir, state.CopyState(error="AccessDenied"))
    assert copy_looks.continuous_copy()[0] is Level.BAD, "it never began"

    now = clock.now()
    state.write(config.data_dir, state.CopyState(complete_at=now.timestamp() + 9))
    assert state.read(config.data_dir).lag == timedelta(0), "a clock is ahead"
    state.write(config.data_dir, state.CopyState(complete_at=now.timestamp()))
    for minutes, within, after in (
        (2, Level.GOOD, Level.WARN),
        (15, Level.WARN, Level.BAD),
    ):
        at(now + timedelta(minutes=minutes))
        assert copy_looks.continuous_copy()[0] is within
        at(now + timedelta(minutes=minutes) + SECOND)
        assert copy_looks.continuous_copy()[0] is after
