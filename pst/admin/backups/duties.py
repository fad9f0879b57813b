"""The duties of backups: to make, verify, copy and tidy them.

Each duty is a job of its own. It looks at the archives for what is still to do, so that
all that was missed is made up, and it fails (`BackupFailed`) for as long as something
is wrong: its row in `job_run` is its lamp. One that fails stops none of the others.
"""

import logging
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flask import current_app

from pst import clock
from pst.admin.backups import backup, notes, stored_care, stored_files, verifying
from pst.admin.backups.archives import BackupFailed
from pst.admin.backups.notes import Archive
from pst.config import Config
from pst.database import db
from pst.office import settings

log = logging.getLogger(__name__)
BACKUP_HOUR = 1
DAMAGED = stored_files.DAMAGED
# What is left of a backup that was cut off; none takes that long.
SCRAP = (".making-*", ".trying-*", ".opening-*", ".pst-*", "files/*/??/.new-*")
SCRAP_AFTER = timedelta(days=1)


def back_up() -> None:
    """Make the backup of the night, once; late when the night was missed."""
    config = _config()
    now = clock.now().astimezone(settings.current().zone)
    db.session.rollback()
    since = now.replace(hour=BACKUP_HOUR, minute=0, second=0, microsecond=0)
    if since > now:
        since -= timedelta(days=1)
    with _alone(config, "back_up") as is_free:
        if not is_free:
            return
        if any(m.created_at >= since for m in notes.until_now(config.backup_dir)):
            return
        backup.create(config)


def verify_backups() -> None:
    """Look whether what lies there is still whole: each archive once a week.

    One archive per place and run. What is damaged is set aside under another name, and
    the duty fails until an admin has taken it away.
    """
    config = _config()
    with _alone(config, "verify_backups") as is_free:
        if not is_free:
            return
        _all_places(config, verifying.verify_next)
        damaged = [
            str(path)
            for place in _places(config)
            for path in place.rglob(f"*{DAMAGED}")
        ]
        if damaged:
            raise BackupFailed(f"damaged: {', '.join(damaged)}")
        _all_places(config, stored_care.refuse_lacking)


def copy_backups() -> None:
    """Bring every backup that is kept to the second place, the newest first."""
    config = _config()
    folder = config.backup_copy_dir
    if folder is None:
        return
    with _alone(config, "copy_backups") as is_free:
        if not is_free:
            return
        here = notes.until_now(config.backup_dir)
        if not folder.is_dir():
            raise BackupFailed(f"{folder} is not there; is it mounted?")
        there = notes.proven_archives(folder)
        _refuse_empty_mount(config.backup_dir, folder, bool(there))
        with stored_files.hold(config.backup_dir):
            _mend(config.backup_dir, folder)
            _copy_all(reversed(_lacking(here, there)), folder)
        _remember_device(config.backup_dir, folder)


def tidy_backups() -> None:
    """Drop what the schedule does not keep, in both places."""
    config = _config()
    with (
        _alone(config, "tidy_backups") as is_free,
        stored_files.hold(config.backup_dir, alone=True) as no_one_stores,
    ):
        if is_free:
            _all_places(config, _tidy)
        if is_free and no_one_stores:
            _all_places(config, stored_care.drop_unnamed)


DUTIES: tuple[Callable[[], None], ...] = (
    *(back_up, verify_backups, copy_backups, tidy_backups),
)


def _config() -> Config:
    config: Config = current_app.config["PST"]
    return config


def _places(config: Config) -> list[Path]:
    """Return the folders of backups that are there."""
    folders = (config.backup_dir, config.backup_copy_dir)
    return [folder for folder in folders if folder and folder.is_dir()]


def _all_places(config: Config, act: Callable[[Path], object]) -> None:
    """Call `act` for each place; a failure in one does not stop the others."""
    failures = []
    for folder in _places(config):
        try:
            act(folder)
        except (BackupFailed, OSError) as error:
            log.warning("%s: %s", folder, error)
            failures.append(f"{folder}: {error}")
    if failures:
        raise BackupFailed("; ".join(failures))


@contextmanager
def _alone(config: Config, duty: str) -> Iterator[bool]:
    """Lock this duty; yield whether no other process has it."""
    config.backup_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = f".{duty}.lock"
    with stored_files.hold(config.backup_dir, alone=True, name=lock) as is_free:
        if not is_free:
            log.info("%s: another process is at it", duty)
        yield is_free


def _lacking(here: list[Archive], there: list[Archive]) -> list[Archive]:
    """Return what of `here` is to be copied: what `there` lacks and would keep."""
    copies = {(each.path.name, each.note.sha256) for each in there}
    past = (each for each in (*here, *there) if not each.is_from_the_future)
    moments = [each.created_at for each in past]
    surplus = set(backup.surplus(list(dict.fromkeys(moments))))
    return [
        each
        for each in here
        if (each.path.name, each.note.sha256) not in copies
        and each.created_at not in surplus
    ]


def _copy_all(archives: Iterable[Archive], folder: Path) -> None:
    """Copy each; a failure of one does not stop the others."""
    failures = []
    for each in archives:
        try:
            backup.copy(each, folder)
        except BackupFailed as error:
            failures.append(str(error))
    if failures:
        raise BackupFailed("; ".join(failures))


def _mend(home: Path, folder: Path) -> None:
    """Copy to each place the attachments that only the other still has."""
    stored_care.bring_lacking(home, folder, stored_care.lacking(folder))
    stored_care.bring_lacking(folder, home, stored_care.lacking(home))


def _refuse_empty_mount(home: Path, folder: Path, has_backups: bool) -> None:
    """Refuse the bare folder that a disk which is not mounted leaves behind."""
    was_elsewhere = _device_note(home).exists()
    if was_elsewhere and not has_backups and _is_same_disk(home, folder):
        raise BackupFailed(f"{folder} is empty, on the disk of {home}: is it mounted?")


def _remember_device(home: Path, folder: Path) -> None:
    """Note that copies once went to another disk than that of the backups."""
    if not _is_same_disk(home, folder):
        _device_note(home).touch(mode=0o600)


def _device_note(home: Path) -> Path:
    return home / ".copied-to-another-disk"


def _is_same_disk(home: Path, folder: Path) -> bool:
    return home.stat().st_dev == folder.stat().st_dev


def _tidy(folder: Path) -> None:
    backup.tidy(folder)
    now = clock.now().timestamp()
    for pattern in SCRAP:
        for path in folder.glob(pattern):
            if now - path.stat().st_mtime > SCRAP_AFTER.total_seconds():
                _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
