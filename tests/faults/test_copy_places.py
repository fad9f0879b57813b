"""The continuous copy on real places: a folder, an SFTP server, an S3 server."""

import hashlib
import itertools
import re
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest
import time_machine
from flask import Flask

from pst import create_app
from pst.admin.backups.archives import BackupFailed
from pst.admin.continuous_copy import litestream, ltx, restoring, state
from pst.admin.continuous_copy.looks import continuous_copy
from pst.admin.continuous_copy.programs import CopyFailed, find
from pst.admin.continuous_copy.sending import Sender
from pst.config import Config
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.models import Consultation
from pst.database import db, file_of, transaction
from pst.server.copy_config import copy_target
from pst.uploads import storage
from pst.uploads.file_types import Format
from pst.uploads.storage import Stored
from tests.conftest import settings_for
from tests.processes import HOST, _die_with_parent, free_port, wait_until

TEXT = b"%PDF-1.7 rahasia dagang"
KEYS = "AKIDPST", "kunci/rahasia+S3"


class Server:
    """A real server on a folder: `rclone serve sftp` or `rclone serve s3`."""

    def __init__(self, kind: str, folder: Path, *words: str) -> None:
        self.port = free_port()
        self._command = [find("rclone"), "--config", "/dev/null", "serve", kind]
        self._command += ["--addr", f"{HOST}:{self.port}", "--dir-cache-time", "1ms"]
        self._command += [*words, str(folder)]
        self.open()

    def open(self) -> None:
        self._process = subprocess.Popen(
            self._command, stderr=subprocess.PIPE, preexec_fn=_die_with_parent
        )
        wait_until(self._listens, "the server")

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.port)) == 0


@pytest.fixture(autouse=True)
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Litestream write a step ten times as often, and wait a third as long."""
    often = litestream.CONFIG.replace("interval: 2s", "interval: 200ms")
    assert often.count("200ms") == 2
    monkeypatch.setattr(litestream, "CONFIG", often)
    monkeypatch.setattr(litestream, "STEP_S", 1)


@pytest.fixture(params=["file", "sftp", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a place that is there."""
    folder = tmp_path / "place"
    (folder / "salinan").mkdir(parents=True)
    if request.param == "file":
        yield {"PST_COPY_URL": f"file://{folder}/salinan"}
        return
    ssh = tmp_path / "ssh"
    ssh.mkdir()
    if request.param == "sftp":
        for name in ("id_ed25519", "host"):
            make = [
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                str(ssh / name),
            ]
            subprocess.run(make, check=True)
        given = ("--key", str(ssh / "host"), "--user", "pst")
        keys = ("--authorized-keys", str(ssh / "id_ed25519.pub"))
        server = Server("sftp", folder, *given, *keys)
        host = f"[{HOST}]:{server.port}"
        (ssh / "known_hosts").write_text(f"{host} {(ssh / 'host.pub').read_text()}")
        url = f"sftp://pst@{HOST}:{server.port}/salinan"
    else:
        server = Server("s3", folder, "--auth-key", ",".join(KEYS))
        secret = KEYS[1].replace("/", "%2F").replace("+", "%2B")
        url = f"s3+http://{KEYS[0]}:{secret}@{HOST}:{server.port}/salinan/pst"
    try:
        yield {"PST_COPY_URL": url, "PST_COPY_SSH": str(ssh)}
    finally:
        server.close()


@pytest.fixture
def real_time(app: Flask) -> Iterator[None]:
    """Let time go on as it does for Litestream, which knows no other."""
    now = time_machine.escape_hatch.datetime.datetime.now(UTC)
    with time_machine.travel(now, tick=True):
        yield


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    path = tmp_path / "key.txt"
    path.write_text(str(pyrage.x25519.Identity.generate()))
    return path


def with_copy(config: Config, place: dict[str, str], identity: Path) -> Config:
    key = pyrage.x25519.Identity.from_str(identity.read_text()).to_public()
    env = {**place, "PST_BACKUP_RECIPIENT": str(key)}
    return replace(config, copy=copy_target(env), backup_recipient=str(key))


@pytest.fixture
def config(
    app: Flask,
    consultation: Consultation,
    real_time: None,
    place: dict[str, str],
    identity: Path,
) -> Config:
    config = with_copy(app.config["PST"], place, identity)
    app.config["PST"] = config
    sha256 = storage.keep(TEXT)
    file = Stored("dagang.pdf", Format.PDF, len(TEXT), sha256, None)
    with transaction():
        Attachment.keep(
            file,
            consultation_id=consultation.id,
            uploader=consultation.user,
            key=sha256,
        )
    return config


@pytest.fixture
def sender(config: Config) -> Iterator[Sender]:
    sender = Sender(config)
    yield sender
    sender.litestream.stop()


@pytest.fixture
def elsewhere(
    tmp_path: Path, place: dict[str, str], identity: Path
) -> Iterator[Callable[[], Flask]]:
    apps: list[Flask] = []

    def make() -> Flask:
        settings = settings_for(tmp_path / f"elsewhere{len(apps)}")
        apps.append(create_app(with_copy(settings, place, identity)))
        return apps[-1]

    yield make
    for app in apps:
        with app.app_context():
            db.engine.dispose()


def write(config: Config, subject: str) -> None:
    with closing(sqlite3.connect(file_of(config.database_url), timeout=20)) as file:
        file.execute("UPDATE consultation SET subject = ?", (subject,))
        file.commit()


def copy_now(sender: Sender) -> None:
    """Go round until all that is written now has been followed and sent."""
    since = datetime.now(UTC).timestamp()

    def is_copied() -> bool:
        with suppress(CopyFailed):
            sender.round()
        sent = ltx.parsed(n.removeprefix("db/") for n in sender._copied or ())
        newest = max((file.moment_ms for file in sent), default=0) / 1000
        if (
            newest > since + litestream.STEP_S
        ):  # a step may lack what was written just before
            return sender.state.complete_at > since
        write(sender.config, f"{_subject(sender.config).strip()}{' ' * next(turns)}")
        return False

    turns = itertools.cycle((0, 1))
    wait_until(is_copied, "the copy is whole", 90)


def _subject(config: Config) -> str:
    with closing(sqlite3.connect(file_of(config.database_url), timeout=20)) as file:
        return str(file.execute("SELECT subject FROM consultation").fetchone()[0])


def bring_back(app: Flask, identity: Path, at: datetime | None = None) -> str:
    config: Config = app.config["PST"]
    with app.app_context():
        restoring.restore(config, identity, at)
        db.engine.dispose()
    return _subject(config).strip()


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


@pytest.mark.parametrize("place", ["file"], indirect=True)
def test_a_process_started_again_goes_on_and_sends_nothing_twice(
    sender: Sender, config: Config, tmp_path: Path, elsewhere, identity: Path
):
    copy_now(sender)
    sender.litestream.stop()
    sent = {p: p.stat().st_ino for p in (tmp_path / "place").rglob("*") if p.is_file()}
    write(config, "sesudahnya")

    again = Sender(config)
    try:
        copy_now(again)
    finally:
        again.litestream.stop()

    assert again.litestream.generation == sender.litestream.generation
    kept = {p: p.stat().st_ino for p in sent if p.exists()}
    assert kept == sent
    assert bring_back(elsewhere(), identity) == "sesudahnya"


@pytest.mark.parametrize("place", ["file"], indirect=True)
def test_data_put_back_from_a_backup_begin_a_chain_of_their_own(
    sender: Sender, config: Config, elsewhere, identity: Path
):
    copy_now(sender)
    sender.litestream.stop()
    shutil.rmtree(sender.folder)  # as a restored backup leaves it

    again = Sender(config)
    try:
        write(config, "baru")
        copy_now(again)
    finally:
        again.litestream.stop()

    assert again.litestream.generation > sender.litestream.generation
    assert bring_back(elsewhere(), identity) == "baru"


@pytest.mark.parametrize("place", ["file"], indirect=True)
def test_who_restores_chooses_between_the_data_and_an_office_begun_after_them(
    sender: Sender, config: Config, elsewhere, identity: Path
):
    write(config, "sebelum disk hilang")
    copy_now(sender)
    sender.litestream.stop()
    shutil.rmtree(sender.folder)
    write(config, "kosong")
    again = Sender(config)
    try:
        copy_now(again)
    finally:
        again.litestream.stop()
    app = elsewhere()
    command = ["copy", "restore", "--identity", str(identity)]
    runner = app.test_cli_runner()

    refused = runner.invoke(args=command)
    assert refused.exit_code == 1 and "begun 2 times" in refused.output
    ends = re.findall(r"--at (\S+)", refused.output)
    with app.app_context():
        assert runner.invoke(args=[*command, "--at", ends[0]]).exit_code == 0
        db.engine.dispose()

    assert _subject(app.config["PST"]).strip() == "sebelum disk hilang"


@pytest.mark.parametrize("place", ["file"], indirect=True)
@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_an_attachment_that_the_copy_lacks_is_named(
    sender: Sender, elsewhere, identity: Path, tmp_path: Path, harm: str
):
    copy_now(sender)
    name = hashlib.sha256(TEXT).hexdigest()
    (path,) = (tmp_path / "place").rglob(f"{name}.age")
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    if harm == "missing":
        path.unlink()
    app = elsewhere()
    config = app.config["PST"]

    with app.app_context():
        with pytest.raises(BackupFailed, match=r"dagang\.pdf \(KS-"):
            restoring.restore(config, identity)
        assert not file_of(config.database_url).exists()
        outcome = restoring.restore(config, identity, without_missing=True)
        db.engine.dispose()

    assert re.match(r"dagang\.pdf", outcome.lost[0])


@pytest.mark.parametrize("place", ["file"], indirect=True)
def test_what_was_taken_from_the_copy_is_sent_again(
    sender: Sender, config: Config, elsewhere, identity: Path, tmp_path: Path
):
    copy_now(sender)
    folder = tmp_path / "place" / "salinan"
    for part in ("db", "files", "settings"):
        shutil.rmtree(folder / part)
    write(config, "sesudahnya")

    sender._tidied_at = 0  # an hour later
    copy_now(sender)
    copy_now(sender)

    assert bring_back(elsewhere(), identity) == "sesudahnya"


@pytest.mark.parametrize("place", ["file"], indirect=True)
def test_another_folder_gets_a_whole_copy(
    sender: Sender, config: Config, identity: Path, tmp_path: Path
):
    copy_now(sender)
    sender.litestream.stop()
    place = {"PST_COPY_URL": f"file://{tmp_path}/lain"}
    (tmp_path / "lain").mkdir()
    write(config, "di folder lain")

    again = Sender(with_copy(config, place, identity))
    try:
        copy_now(again)
    finally:
        again.litestream.stop()

    app = create_app(with_copy(settings_for(tmp_path / "x"), place, identity))
    assert bring_back(app, identity) == "di folder lain"


@pytest.mark.parametrize("place", ["file"], indirect=True)
def test_the_wrong_key_opens_nothing(sender: Sender, elsewhere, tmp_path: Path):
    copy_now(sender)
    wrong = tmp_path / "wrong.txt"
    wrong.write_text(str(pyrage.x25519.Identity.generate()))
    app = elsewhere()

    with app.app_context(), pytest.raises(BackupFailed, match="does not open"):
        restoring.restore(app.config["PST"], wrong)
