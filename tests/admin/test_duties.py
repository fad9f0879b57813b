"""Each duty of the backups is made up by itself, and no clock or torn note stops it."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, current_app
from flask.testing import FlaskCliRunner

from pst import clock
from pst.admin import job_runs
from pst.admin.backups import backup, duties, notes
from pst.admin.backups.archives import BackupFailed
from pst.admin.backups.duties import back_up, copy_backups, tidy_backups, verify_backups
from pst.admin.health.looks import checks
from pst.config import Config
from pst.consultations.models import Consultation
from pst.database import copies, db

At = Callable[[str | datetime], None]
EVENING = "2026-03-{:02} 20:00+07:00"
# What a scratch folder is for.
STEPS = ("making", "trying", "opening")


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """Where the second disk is mounted."""
    folder = tmp_path / "second"
    folder.mkdir()
    return folder


@pytest.fixture
def config(app: Flask, consultation: Consultation, second: Path) -> Config:
    config: Config = replace(app.config["PST"], backup_copy_dir=second)
    app.config["PST"] = config
    return config


def names(folder: Path) -> list[str]:
    return [path.name for path in notes.archives_in(folder)]


def nightly() -> FlaskCliRunner:
    """Do what the timer of the night does; return how it ended."""
    return current_app.test_cli_runner().invoke(args=["backup", "nightly"])


def levels() -> dict[str, str]:
    """Look at everything; like a request, hold no lock when that is done."""
    found: dict[str, str] = {check.name: check.level for check in checks()}
    db.session.rollback()
    return found


def level_of(name: str) -> str:
    return levels()[name]


def lamps() -> dict[str, str]:
    wanted = ("backup", "backup_copied", "backup_verified", "backup_tidied")
    found = levels()
    return {name: found[name] for name in wanted}


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


def test_a_backup_from_a_future_clock_stops_none_of_the_next(
    config: Config, second: Path, at: At
):
    at("2028-08-18 09:00+07:00")
    nightly()
    strange = names(config.backup_dir)
    for day in (3, 4):
        at(EVENING.format(day))
        nightly()

    archives = notes.until_now(config.backup_dir)
    assert [f"{each.created_at:%d}" for each in archives] == ["03", "04"]
    assert set(strange) < set(names(config.backup_dir))
    assert level_of("backup_dates") == "warn"
    assert set(lamps().values()) == {"good"}
    at("2026-03-05 23:01+07:00")  # 27 hours and a minute later
    assert level_of("backup") == "warn"
    at("2026-03-06 23:01+07:00")  # 51 hours and a minute
    assert level_of("backup") == "bad"


def test_a_clock_that_is_behind_deletes_no_backup(config: Config, at: At):
    for day in range(1, 8):
        at(EVENING.format(day))
        back_up()
    good = names(config.backup_dir)

    for day in range(1, 20):
        at(f"2000-01-{day:02} 09:00+07:00")
        nightly()

    assert set(good) < set(names(config.backup_dir))


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"created_at": 5}', "null"])
def test_a_torn_note_stops_nothing_and_is_written_again(
    config: Config, second: Path, at: At, text: str
):
    at(EVENING.format(2))
    back_up()
    (made,) = notes.archives_in(config.backup_dir)
    before = notes.read(made)
    assert before is not None
    notes.path_of_note(made).write_text(text)

    at(EVENING.format(3))
    assert nightly().exit_code == 0

    assert len(names(config.backup_dir)) == 2
    after = notes.read(made)
    assert after is not None
    assert after.created_at == before.created_at
    assert after.note.sha256 == before.note.sha256


def test_a_backup_without_a_note_is_proven_again(config: Config):
    back_up()
    (made,) = notes.archives_in(config.backup_dir)
    notes.path_of_note(made).unlink()

    verify_backups()

    assert notes.read(made)


@pytest.mark.parametrize("lost_bytes", [1, 40])
def test_a_damaged_backup_without_a_note_is_set_aside_too(
    config: Config, lost_bytes: int
):
    back_up()
    (made,) = notes.archives_in(config.backup_dir)
    notes.path_of_note(made).unlink()
    made.write_bytes(made.read_bytes()[:-lost_bytes])

    with pytest.raises(BackupFailed, match=f"damaged: .*{duties.DAMAGED}"):
        verify_backups()

    assert names(config.backup_dir) == []
    assert [path.name for path in config.backup_dir.glob(f"{made.name}*")] == [
        f"{made.name}{duties.DAMAGED}"
    ]


def test_a_damaged_copy_is_set_aside_told_of_and_made_again(
    config: Config, second: Path, at: At
):
    at(EVENING.format(1))
    nightly()
    (copied,) = notes.archives_in(second)
    copied.write_bytes(copied.read_bytes()[:-1] + b"?")

    at("2026-03-08 19:59+07:00")
    verify_backups()  # a week is not over
    at("2026-03-08 20:00+07:00")
    assert nightly().exit_code == 1
    damaged = second / f"{copied.name}.damaged"
    assert damaged.exists()
    assert level_of("backup_verified") == "bad"

    assert nightly().exit_code == 1
    assert copied.exists()
    damaged.unlink()
    assert nightly().exit_code == 0
    assert level_of("backup_verified") == "good"


def test_a_backup_that_changed_on_its_disk_is_no_copy_on_the_other(
    config: Config, second: Path
):
    back_up()
    (made,) = notes.archives_in(config.backup_dir)
    made.write_bytes(made.read_bytes()[:-1] + b"?")

    with pytest.raises(BackupFailed, match="is damaged"):
        copy_backups()

    assert names(second) == []


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
