"""One round of the continuous copy: what is new is encrypted and sent.

A round that fails loses nothing: what it has sealed waits in the spool, and what it has
not is found again.
"""

import hashlib
import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pst.admin.backups import stored_files
from pst.admin.backups.backup import settings_text
from pst.admin.continuous_copy import ltx, state
from pst.admin.continuous_copy.attached_files import AttachedFiles, long_gone
from pst.admin.continuous_copy.litestream import Litestream
from pst.admin.continuous_copy.programs import CopyFailed, Remote
from pst.admin.continuous_copy.spool import Spool
from pst.config import VERSION, Config
from pst.database import file_of

OWNER = "owner"
TIDY_EVERY_S = 3600


def owner_of(secret_key: str) -> str:
    """Return the mark of an installation: it stays the same when it is restored."""
    return hashlib.sha256(f"copy:{secret_key}".encode()).hexdigest()[:32]


class Sender:
    """The copy of one installation: what is in it already, and what is to come."""

    def __init__(self, config: Config) -> None:
        if config.copy is None or config.backup_recipient is None:
            raise CopyFailed("PST_COPY_URL is not set.")
        self.config = config
        self.folder = state.folder_in(config.data_dir)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.remote = Remote(config.copy, config.outward.proxy)
        self.tag = stored_files.tag_of(config.backup_recipient)
        database = file_of(config.database_url)
        self.litestream = Litestream(database, self.folder, self.tag)
        self.files = AttachedFiles(config.data_dir, self.tag)
        self.spool = Spool(self.folder, config.backup_recipient)
        self.state = state.read(config.data_dir) or state.CopyState()
        self._copied: set[str] | None = None
        self._tidied_at = 0.0

    def round(self) -> None:
        """Send what is new, and note how far the copy is; raise `CopyFailed`."""
        began = time.time()
        try:
            self.litestream.keep_running()
            self._recognise_place()
            is_complete, until = self._seal(began)
            self._send()
            if time.monotonic() - self._tidied_at > TIDY_EVERY_S or not self._tidied_at:
                self._tidy()
        except (CopyFailed, OSError) as error:
            self.files.look_again()
            self._note(replace(self.state, error=str(error)[:300]))
            raise CopyFailed(str(error)) from error
        self._note(
            state.CopyState(
                complete_at=until if is_complete else self.state.complete_at,
                generation=self.litestream.generation,
            )
        )

    def _note(self, now: state.CopyState) -> None:
        self.state = now
        state.write(self.config.data_dir, now)

    # Where it goes

    def _recognise_place(self) -> None:
        """Refuse a place that another installation copies to, or that is not there."""
        folder, note = self.remote.target.folder, self.folder / "begun"
        if folder and not folder.is_dir():
            raise CopyFailed(f"{folder} is not there; is it mounted?")
        is_known = note.exists() and note.read_text() == str(folder)
        if folder and is_known and not (folder / OWNER).exists():
            raise CopyFailed(f"{folder} no longer holds the copy; is it mounted?")
        if self._copied is not None:
            return
        ours, there = owner_of(self.config.secret_key), self.remote.read(OWNER).strip()
        if there and there != ours:
            raise CopyFailed(
                "PST_COPY_URL holds the copy of another installation; name another"
                " folder, or restore that copy first (flask copy restore)"
            )
        if not there:
            self._claim_place(ours)
        note.write_text(str(folder))
        self._copied = self._names_there()

    def _names_there(self) -> set[str]:
        """List what the copy holds of this generation, and of the attachments."""
        generation = self.litestream.generation
        if f"{generation}.age" not in self.remote.names("settings"):
            (self.folder / "settings-sent").unlink(missing_ok=True)
        in_chain = self.remote.names(f"{ltx.FOLDER}/{generation}")
        parts = {f"{ltx.FOLDER}/{generation}/{name}" for name in in_chain}
        attached = self.remote.names(self.files.prefix.rstrip("/"))
        return parts | {self.files.prefix + name for name in attached}

    def _claim_place(self, ours: str) -> None:
        scratch = self.folder / "claim"
        scratch.mkdir(mode=0o700, exist_ok=True)
        (scratch / OWNER).write_text(ours)
        self.remote.send(scratch)

    # What is new

    def _seal(self, now: float) -> tuple[bool, float]:
        """Encrypt what is new; return whether that is all, and of until when."""
        chain = self.litestream.files()
        behind = self.litestream.behind_since(chain, now)
        is_complete = bool(chain)
        self._seal_settings()
        # Files first: a file that a row names must be there when the row is.
        for name, path in self.files.changed().items():
            is_complete &= self._seal_one(name, path)
        for file, path in sorted(chain.items(), key=lambda item: item[0]):
            is_complete &= self._seal_one(file.name, path)
        return is_complete, now if behind is None else behind

    def _seal_one(self, name: str, path: Path) -> bool:
        """Return whether it is in the copy or on its way there."""
        if name in (self._copied or ()) or name in self.spool.names:
            return True
        if self.spool.is_full:
            return False
        self.spool.put(name, path)
        return True

    def _seal_settings(self) -> None:
        """Put the secret key and the settings into the copy when they have changed."""
        facts = {
            "secret_key": self.config.secret_key,
            "settings": settings_text(),
            "version": VERSION,
        }
        text = json.dumps(facts)
        name = f"settings/{self.litestream.generation}.age"
        mark, digest = self.folder / "settings-sent", f"{name} {_hash(text)}"
        if not mark.exists() or mark.read_text() != digest:
            self.spool.put_text(name, text)
            mark.touch(mode=0o600)
            mark.write_text(digest)

    def _send(self) -> None:
        if self.spool.names:
            self.remote.send(self.spool.folder)
            self._copied = (self._copied or set()) | self.spool.forget_sent()

    # What is no longer needed

    def _tidy(self) -> None:
        """Drop what no moment of the last seven days needs."""
        names = self.remote.names(ltx.FOLDER)
        now = time.time()
        steps = ltx.surplus(ltx.parsed(names), datetime.fromtimestamp(now, UTC))
        surplus_names = [file.name for file in steps]
        attached = {name for name in self._copied or () if name.startswith("files/")}
        here = set(self.files.everything())
        surplus_names += long_gone(self.folder / "gone.json", attached, here, now)
        if surplus_names:
            self.remote.drop(surplus_names, self.folder)
        # The next round asks what is there: what someone took away is sent again.
        self._copied = None
        self.files.look_again()
        self._tidied_at = time.monotonic()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
