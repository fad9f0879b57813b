"""The key of the backups: made once, for root alone, and it opens what it closes."""

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.installer import backup_key, places
from deploy.trial.debian import newest_backup
from pst.admin.backups import stored_files
from pst.admin.backups.archives import encrypt, plain


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scratch root with an installed version; its Python is ours."""
    monkeypatch.setattr(places, "BACKUP_KEY", tmp_path / "etc/backup-key.txt")
    python = tmp_path / "release/.venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    return tmp_path / "release"


def test_the_installer_makes_a_key_that_opens_what_it_closes(
    release: Path, tmp_path: Path
):
    env = backup_key.settle(release, {"PST_DEMO": "0"})

    assert env["PST_BACKUP_RECIPIENT"].startswith("age1")
    assert places.BACKUP_KEY.stat().st_mode & 0o777 == 0o600
    archive = tmp_path / "pst-1.tar.gz"
    archive.write_bytes(b"all there is")
    closed = encrypt(archive, env["PST_BACKUP_RECIPIENT"])
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with plain(closed, backup_key.identity_for(closed, None), scratch) as opened:
        assert opened.read_bytes() == b"all there is"
    assert str(places.BACKUP_KEY) in backup_key.what_next()[0]


@pytest.mark.parametrize("standing", ["age1ours", ""])
def test_a_key_or_none_that_was_set_by_hand_stays(release: Path, standing: str):
    env = {"PST_BACKUP_RECIPIENT": standing}

    assert backup_key.settle(release, env) == env
    assert not places.BACKUP_KEY.exists()
    assert not backup_key.what_next()


def test_a_key_that_was_taken_away_is_not_made_again(release: Path, tmp_path: Path):
    env = backup_key.settle(release, {})
    places.BACKUP_KEY.unlink()

    assert backup_key.settle(release, env) == env
    assert backup_key.identity_for(tmp_path / "pst-1.tar.gz.age", None) is None


def test_no_key_is_written_over(release: Path):
    backup_key.settle(release, {})
    first = places.BACKUP_KEY.read_text()

    backup_key.settle(release, {})

    assert places.BACKUP_KEY.with_suffix(".old").read_text() == first


@pytest.mark.parametrize("ending", [".tar.gz", ".tar.gz.age"])
def test_the_trial_restores_an_archive_and_not_what_lies_next_to_it(
    tmp_path: Path, ending: str
):
    (tmp_path / "backups").mkdir()
    for name in ("pst-1", "pst-2"):
        for more in ("", ".json", stored_files.LIST):
            (tmp_path / f"backups/{name}{ending}{more}").touch()

    output = subprocess.check_output(
        ["sh", "-c", f"echo {newest_backup(str(tmp_path))}"], text=True
    )

    assert output.split() == [str(tmp_path / f"backups/pst-2{ending}")]
