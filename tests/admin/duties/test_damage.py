"""No clock, no torn note and no damage stops the duties of the backups."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from pst.admin.backups import duties, notes
from pst.admin.backups.archives import BackupFailed
from pst.admin.backups.duties import back_up, copy_backups, verify_backups
from pst.config import Config
from tests.admin.duties.steps import EVENING, lamps, level_of, names, nightly

At = Callable[[str | datetime], None]


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
