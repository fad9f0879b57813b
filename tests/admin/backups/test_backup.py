"""A backup holds one moment, and proves itself."""

import io
import json
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from pst.accounts.users import User
from pst.admin.backups import archives, backup, notes
from pst.admin.backups.archives import BackupFailed, verify
from pst.admin.backups.duties import back_up, tidy_backups
from pst.config import Config
from pst.office import audit

At = Callable[[str], None]
ZONE = ZoneInfo("Asia/Jakarta")


def test_a_backup_proves_itself(archive: Path, config: Config):
    manifest = verify(archive)

    assert manifest.tables["consultation"] == 1
    assert manifest.audit_end == ":".join(map(str, audit.end_of_chain()))
    assert any(name.startswith("attachments/") for name in manifest.stored)
    assert notes.age(config.backup_dir) == timedelta(0)
    assert archive.stat().st_mode & 0o077 == 0, "no one else may read it"


def test_what_is_written_during_a_backup_is_whole_or_absent(config: Config, siti: User):
    other = sa.create_engine(config.database_url)
    with other.connect() as connection:
        connection.exec_driver_sql("UPDATE consultation SET subject = 'half'")
        archive = backup.create(config)
        connection.rollback()
    other.dispose()

    assert verify(archive).tables["consultation"] == 1


def test_the_key_of_the_trail_is_in_no_backup(
    config: Config, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PST_AUDIT_KEY", "rahasia" * 6)
    monkeypatch.setenv("PST_PORT", "8000")

    written = backup.settings_text()

    assert "PST_PORT=8000" in written
    assert "rahasia" not in written


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_damaged_backup_is_found_out(archive: Path, at: float):
    content = bytearray(archive.read_bytes())
    content[int(len(content) * at)] ^= 0xFF
    archive.write_bytes(content)

    with pytest.raises(BackupFailed):
        verify(archive)


def test_a_cut_off_backup_is_found_out(archive: Path):
    archive.write_bytes(archive.read_bytes()[:-5000])

    with pytest.raises(BackupFailed):
        verify(archive)


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "other.txt"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str):
    manifest = archives.Manifest("2026-03-02", "1", "1", {}, {name: "0"}, 0)
    bad = tmp_path / "pst-bad.tar.gz"
    with tarfile.open(bad, "w:gz") as tar:
        for member, text in (("manifest.json", json.dumps(vars(manifest))), (name, "")):
            info = tarfile.TarInfo(member)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text.encode()))

    with pytest.raises(BackupFailed, match="not in its manifest"):
        verify(bad)


def test_a_second_place_gets_a_copy_that_is_looked_at(
    archive: Path, config: Config, tmp_path: Path
):
    mount = tmp_path / "mount"
    (kept,) = notes.proven_archives(archive.parent)
    with pytest.raises(BackupFailed, match="mounted"):
        backup.copy(kept, mount)

    mount.mkdir()
    backup.copy(kept, mount)

    assert verify(mount / archive.name)
    assert notes.proven_archives(mount)


def test_a_disk_with_little_room_is_not_filled(
    config: Config, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(backup, "SPARE", 10**18)

    with pytest.raises(BackupFailed, match="MB free"):
        backup.create(config)
    assert not list(config.backup_dir.iterdir())


def test_the_night_makes_one_backup_and_a_missed_night_is_made_up(
    config: Config, at: At
):
    counts, newest = [], []
    for moment in (
        "2026-03-03 00:59+07:00",  # none yet: made at once
        "2026-03-03 01:00+07:00",  # the night's
        "2026-03-03 23:00+07:00",  # there already
        "2026-03-06 09:00+07:00",  # three nights the server was off
        "2026-03-06 10:00+07:00",
    ):
        at(moment)
        back_up()
        tidy_backups()
        kept = notes.proven_archives(config.backup_dir)
        counts.append(len(kept))
        newest.append(f"{kept[-1].created_at.astimezone(ZONE):%d %H:%M}")

    assert counts == [1, 1, 1, 2, 2]
    assert newest == ["03 00:59", "03 01:00", "03 01:00", "06 09:00", "06 09:00"]


def test_the_schedule_keeps_days_weeks_and_months():
    first = datetime(2025, 1, 1, 18, tzinfo=UTC)
    nights = [first + timedelta(days=n) for n in range(400)]
    kept: list[datetime] = []
    for night in nights:
        kept = [m for m in (*kept, night) if m not in backup.surplus([*kept, night])]

    assert kept[-7:] == nights[-7:]
    assert len(kept) <= 7 + 5 + 12
    assert kept[0] < nights[-1] - timedelta(days=300)
