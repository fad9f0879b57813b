"""What tests of the continuous copy write, send and bring back."""

import itertools
import socket
import sqlite3
import subprocess
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyrage
from flask import Flask

from pst.admin.continuous_copy import litestream, ltx, restoring
from pst.admin.continuous_copy.programs import CopyFailed, find
from pst.admin.continuous_copy.sending import Sender
from pst.config import Config
from pst.database import db, file_of
from pst.server.copy_config import copy_target
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


def with_copy(config: Config, place: dict[str, str], identity: Path) -> Config:
    key = pyrage.x25519.Identity.from_str(identity.read_text()).to_public()
    env = {**place, "PST_BACKUP_RECIPIENT": str(key)}
    return replace(config, copy=copy_target(env), backup_recipient=str(key))


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
