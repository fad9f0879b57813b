"""Each duty of the backups is made up by itself, and has its lamp."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pst import clock
from pst.admin import job_runs
from pst.admin.backups import backup, duties
from pst.admin.backups.archives import BackupFailed
from pst.admin.backups.duties import back_up, copy_backups, tidy_backups
from pst.config import Config
from pst.database import copies
from tests.admin.duties.steps import EVENING, lamps, level_of, names, nightly

At = Callable[[str | datetime], None]
# What a scratch folder is for.
STEPS = ("making", "trying", "opening")


def test_each_duty_of_the_night_is_done_and_has_its_lamp(config: Config, second: Path):
    assert nightly().exit_code == 0

    assert len(names(config.backup_dir)) == 1
    assert names(second) == names(config.backup_dir)
    assert set(lamps().values()) == {"good"}


def test_copies_missed_while_the_disk_was_away_are_made_up(
    config: Config, second: Path, at: At
):
    away = second.with_name("away")
    nightly()
    second.rename(away)
    for day in (3, 4):
        at(EVENING.format(day))
        assert nightly().exit_code == 1
        assert lamps()["backup"] == "good"
        assert lamps()["backup_copied"] == "bad"

    at("2026-03-04 21:00+07:00")  # the backup of the night is made; the disk still away
    assert nightly().exit_code == 1
    assert lamps()["backup_copied"] == "bad"

    away.rename(second)
    assert nightly().exit_code == 0
    assert names(second) == names(config.backup_dir)
    assert len(names(second)) == 3
    assert lamps()["backup_copied"] == "good"


def test_what_fails_to_be_copied_stops_no_tidying(
    config: Config, second: Path, at: At, monkeypatch: pytest.MonkeyPatch
):
    for day in range(1, 29):
        at(EVENING.format(day))
        back_up()
        copy_backups()
    monkeypatch.setattr(backup, "copy", _fails)
    at("2026-03-29 20:00+07:00")

    assert nightly().exit_code == 1

    assert len(names(second)) < 14
    assert len(names(config.backup_dir)) < 14
    assert lamps()["backup_tidied"] == "good"


def _fails(*args: object) -> None:
    raise BackupFailed("no room")


def test_the_bare_folder_of_a_disk_that_is_not_mounted_gets_no_copy(
    config: Config, second: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(duties, "_is_same_disk", lambda home, folder: False)
    back_up()
    copy_backups()
    for path in second.iterdir():
        path.unlink()

    monkeypatch.setattr(duties, "_is_same_disk", lambda home, folder: True)
    with pytest.raises(BackupFailed, match="is it mounted"):
        copy_backups()
    assert not names(second)

    monkeypatch.setattr(duties, "_is_same_disk", lambda home, folder: False)
    copy_backups()  # another disk, empty as new ones are
    assert names(second)

    monkeypatch.setattr(duties, "_is_same_disk", lambda home, folder: True)
    copy_backups()  # the place was moved, with what lay there


def test_a_disk_is_told_by_what_is_mounted_and_not_where(tmp_path: Path):
    assert duties._is_same_disk(tmp_path, tmp_path.parent)
    assert not duties._is_same_disk(Path("/"), Path("/proc"))


def test_two_at_once_make_one_backup(config: Config, monkeypatch: pytest.MonkeyPatch):
    made = []

    def create(config: Config) -> None:
        made.append(config)
        back_up()  # as another process would, in between

    monkeypatch.setattr(backup, "create", create)
    back_up()

    assert len(made) == 1


def test_what_a_cut_off_backup_left_is_swept_after_a_day(config: Config, second: Path):
    config.backup_dir.mkdir()
    folders = [config.backup_dir / f".{step}-abc" for step in STEPS]
    part = second / "files" / "clear" / "ab"
    part.mkdir(parents=True)
    cut = [second / ".pst-20260301T180000Z.tar.gz", part / ".new-abc"]
    for folder in folders:
        folder.mkdir()
        (folder / copies.NAMES[0]).write_bytes(b"half")
    for path in cut:
        path.write_bytes(b"half")
    now = clock.now().timestamp()

    for age_s, is_left in ((86_400, True), (86_401, False)):
        for path in (*folders, *cut):
            os.utime(path, (now - age_s, now - age_s))
        tidy_backups()
        assert {path.exists() for path in (*folders, *cut)} == {is_left}


def test_a_duty_that_does_not_run_turns_yellow_then_red(config: Config, at: At):
    nightly()
    now = clock.now()

    for hours, expected in ((3, "good"), (3.1, "warn"), (27, "warn"), (27.1, "bad")):
        at(now + timedelta(hours=hours))
        assert level_of("backup_tidied") == expected


def test_a_failure_under_a_future_clock_is_forgotten_by_the_next_success(
    context: None, at: At
):
    at("2028-08-18 09:00+07:00")
    job_runs.note("tidy_backups", clock.now(), "OSError: denied")
    at("2026-03-02 09:00+07:00")
    job_runs.note("tidy_backups", clock.now(), None)
    assert level_of("backup_tidied") == "good"

    at("2028-08-18 09:00+07:00")
    job_runs.note("tidy_backups", clock.now(), None)
    at("2026-03-02 09:00+07:00")
    job_runs.note("tidy_backups", clock.now(), "OSError: denied")
    assert level_of("backup_tidied") == "bad"


def test_backups_in_clear_are_warned_of(config: Config):
    assert level_of("backup_in_clear") == "good"
    back_up()

    assert level_of("backup_in_clear") == "warn"
