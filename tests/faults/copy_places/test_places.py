"""The continuous copy on each real place: what is sent, kept and refused."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from pst.admin.continuous_copy import restoring, state
from pst.admin.continuous_copy.looks import continuous_copy
from pst.admin.continuous_copy.programs import CopyFailed
from pst.admin.continuous_copy.sending import Sender
from pst.config import Config
from pst.database import file_of
from tests.conftest import settings_for
from tests.faults.copy_places.steps import TEXT, bring_back, copy_now, with_copy, write


def test_what_changes_comes_back_from_there(
    sender: Sender,
    config: Config,
    identity: Path,
    elsewhere: Callable[[], Flask],
    tmp_path: Path,
):
    write(config, "pertama")
    copy_now(sender)
    first = datetime.now(UTC)
    write(config, "kedua")
    copy_now(sender)

    there = elsewhere()
    assert bring_back(there, identity) == "kedua"
    assert bring_back(elsewhere(), identity, at=first) == "pertama"

    (file,) = (
        path
        for path in (there.config["PST"].data_dir / "attachments").rglob("*")
        if path.is_file()
    )
    assert file.read_bytes() == TEXT
    everything = [p for p in (tmp_path / "place").rglob("*") if p.is_file()]
    assert everything
    for path in everything:
        content = path.read_bytes()
        assert b"SQLite" not in content and TEXT not in content
        assert path.suffix == ".age" or path.name == "owner"
    with there.app_context(), pytest.raises(CopyFailed, match="holds data"):
        restoring.restore(there.config["PST"], identity)


def test_what_no_moment_of_the_week_needs_leaves_the_copy(
    sender: Sender, tmp_path: Path
):
    copy_now(sender)
    (owner,) = (tmp_path / "place").rglob("owner")
    tag = sender.tag
    old = owner.parent / f"db/20200101T000000Z-{tag}/9/{1:016x}-{9:016x}.1577836800.age"
    young = owner.parent / f"files/{tag}/attachments/ab/abc.age"
    for path in (old, young):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    before = {path for path in owner.parent.rglob("*") if path.is_file()}
    newest = (
        owner.parent
        / f"db/20200102T000000Z-{tag}/9/{1:016x}-{9:016x}.1577923200000.age"
    )
    newest.parent.mkdir(parents=True)
    newest.write_bytes(b"x")

    sender._copied, sender._tidied_at = None, 0
    sender.round()

    assert not old.exists(), "its follower began more than a week ago"
    assert newest.exists(), "its follower began today"
    assert {path for path in before if not path.exists()} == {old}


def test_another_installation_is_not_copied_over_it(
    sender: Sender, place: dict[str, str], identity: Path, tmp_path: Path
):
    copy_now(sender)
    other = with_copy(settings_for(tmp_path / "other"), place, identity)
    other = replace(other, secret_key="kunci lain " * 4)
    shutil.copy(file_of(sender.config.database_url), file_of(other.database_url))
    stranger = Sender(other)

    with pytest.raises(CopyFailed, match="another installation"):
        stranger.round()
    stranger.litestream.stop()


@pytest.mark.parametrize("place", ["file"], indirect=True)
def test_a_folder_that_is_not_mounted_gets_nothing(
    app: Flask, sender: Sender, config: Config, tmp_path: Path
):
    assert continuous_copy()[0] == "warn"
    copy_now(sender)
    assert continuous_copy()[0] == "good"
    mount = tmp_path / "place" / "salinan"
    mount.rename(tmp_path / "away")

    with pytest.raises(CopyFailed, match="mounted"):
        sender.round()
    mount.mkdir()
    with pytest.raises(CopyFailed, match="mounted"):
        sender.round()
    assert not list(mount.iterdir())
    assert "mounted" in state.read(config.data_dir).error  # type: ignore[union-attr]

    mount.rmdir()
    (tmp_path / "away").rename(mount)
    copy_now(sender)
    assert state.read(config.data_dir).error == ""  # type: ignore[union-attr]


@pytest.mark.parametrize("place", ["file"], indirect=True)
def test_the_lag_turns_the_lamp(sender: Sender, config: Config):
    copy_now(sender)
    now = datetime.now(UTC).timestamp()

    for behind_s, level in ((115, "good"), (125, "warn"), (895, "warn"), (905, "bad")):
        state.write(config.data_dir, replace(sender.state, complete_at=now - behind_s))
        assert continuous_copy()[0] == level
