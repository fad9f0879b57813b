"""Bring the copy back on an empty machine: as it is now, or as it was at a moment."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyrage

from pst.admin.backups import database_facts, gathering, restoring
from pst.admin.backups.archives import (
    FOLDERS,
    SECRET,
    SETTINGS,
    BackupFailed,
    hash_of,
    identities_in,
    private,
)
from pst.admin.continuous_copy import litestream, ltx
from pst.admin.continuous_copy.ltx import Ltx
from pst.admin.continuous_copy.programs import CopyFailed, Remote
from pst.config import Config
from pst.database.copies import SQLITE

Tell = Callable[[str], None]
AT_ONCE = 500  # attachments fetched, opened and dropped again in one go


@dataclass(frozen=True)
class CopyRestoration:
    """What came back from the copy."""

    at: datetime
    held_mails: int
    files: int
    lost: list[str]  # attachments that the copy does not hold


def moments(config: Config) -> list[tuple[datetime, datetime]]:
    """Return from when until when the copy reaches, for each of its generations."""
    files = ltx.parsed(_remote(config).names(ltx.FOLDER))
    spans = []
    for generation in sorted({file.generation for file in files}):
        own = [file for file in files if file.generation == generation]
        if links := ltx.chain(own):
            spans.append((min(file.at for file in own), links[-1].at))
    return spans


def restore(
    config: Config,
    identity: Path,
    at: datetime | None = None,
    tell: Tell = lambda text: None,
    *,
    without_missing: bool = False,
    replace: bool = False,
) -> CopyRestoration:
    """Bring the copy back into an empty data folder, or `replace` what is there.

    What is replaced is kept aside. Raise `CopyFailed` or `BackupFailed`, and leave the
    data as they are, when there are data already or something of the copy is not whole.
    """
    if not replace:
        refuse_data(config)
    users = restoring.make_way(config)
    with tempfile.TemporaryDirectory(dir=config.data_dir, prefix=".restoring-") as name:
        visit = _Visit(_remote(config), identity, Path(name), tell)
        outcome = visit.fetch(at, without_missing)
        tell("Putting it in place …")
        restoring.change_places(config, visit.fresh, SQLITE, visit.database)
    source = f"copy:{outcome.at:%Y-%m-%dT%H:%M:%SZ}"
    restoring.settle_restored(
        config, source, outcome.at, outcome.held_mails, users, tell
    )
    return outcome


def refuse_data(config: Config) -> None:
    """Raise `CopyFailed` where there are data that could be lost."""
    files = [
        path
        for name in FOLDERS
        for path in (config.data_dir / name).rglob("*")
        if path.is_file()
    ]
    if SQLITE.exists(config.database_url) or files:
        raise CopyFailed(
            f"{config.data_dir} holds data; the copy comes back into an empty folder:"
            " move it away first"
        )


def _remote(config: Config) -> Remote:
    if config.copy is None:
        raise CopyFailed("PST_COPY_URL is not set: where does the copy lie?")
    return Remote(config.copy, config.outward.proxy)


@dataclass
class _Visit:
    """One fetching of the copy into `fresh`, below a scratch folder."""

    remote: Remote
    identity: Path
    scratch: Path
    tell: Tell

    @property
    def fresh(self) -> Path:
        return self.scratch / "data"

    @property
    def database(self) -> str:
        """Return the address of what was fetched."""
        return SQLITE.opened(self.fresh / SQLITE.NAME, "")

    def fetch(self, at: datetime | None, without_missing: bool) -> CopyRestoration:
        """Fetch the newest moment until `at`; raise when it is not whole."""
        links = ltx.chain(ltx.parsed(self.remote.names(ltx.FOLDER)), at)
        if not links:
            raise CopyFailed("the copy holds nothing of that moment: flask copy list")
        generation = links[-1].generation
        self.fresh.mkdir()
        self.tell(f"Fetching {len(links)} parts of the database …")
        file_names = self._fetch_database(links)
        self._fetch_settings(generation)
        self.tell("Fetching the attachments …")
        count, missing = self._fetch_files(file_names, generation.rpartition("-")[2])
        descriptions = gathering.describe(SQLITE, self.database, missing)
        if not without_missing:
            gathering.refuse_gone(descriptions)
        mails = restoring.settle_afterwards(SQLITE, self.database)
        return CopyRestoration(links[-1].at, mails, count, descriptions)

    def _fetch_database(self, links: list[Ltx]) -> list[str]:
        """Fetch and check it; return the names of the attachments in it."""
        parts, replica = self.scratch / "sealed", self.scratch / "replica"
        parts.mkdir()
        self.remote.fetch([link.name for link in links], parts)
        for link in links:
            _open(parts / link.name, replica / link.local_name, self.identity)
        litestream.restore(replica, self.fresh / SQLITE.NAME)
        with SQLITE.connected(self.database) as connection:
            if fault := SQLITE.faults(connection):
                raise CopyFailed(fault)
            facts = database_facts.facts_of(connection)
        restoring.refuse_newer_revision(facts["revision"], "of the copy")
        return sorted(facts["wanted"])

    def _fetch_settings(self, generation: str) -> None:
        name, text = f"settings/{generation}.age", self.scratch / "settings.json"
        self.remote.fetch([name], self.scratch)
        _open(self.scratch / name, text, self.identity)
        facts = json.loads(text.read_text())
        for file, key in ((SECRET, "secret_key"), (SETTINGS, "settings")):
            with private(self.fresh / file) as out:
                out.write(facts[key].encode())

    def _fetch_files(self, names: list[str], tag: str) -> tuple[int, list[str]]:
        """Fetch these files; return how many came, and the names of the missing."""
        missing: list[str] = []
        for start in range(0, len(names), AT_ONCE):
            portion = names[start : start + AT_ONCE]
            in_copy = {f"files/{tag}/{name}.age": name for name in portion}
            self.remote.fetch(list(in_copy), self.scratch)
            for source, name in in_copy.items():
                if not _take(self.scratch / source, self.fresh / name, self.identity):
                    missing.append(name)
        return len(names) - len(missing), missing


def _open(source: Path, target: Path, identity: Path) -> None:
    """Decrypt a file of the copy, and drop it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    private(target).close()
    try:
        pyrage.decrypt_file(str(source), str(target), identities_in(identity))
    except pyrage.DecryptError as error:
        raise BackupFailed(f"{identity} does not open {source.name}.") from error
    except OSError as error:
        raise CopyFailed(f"{source.name} is missing or damaged: {error}") from error
    source.unlink()


def _take(source: Path, target: Path, identity: Path) -> bool:
    """Open an attachment; return whether it is there and what its name says."""
    if not source.exists():
        return False
    try:
        _open(source, target, identity)
        if target.parent.parent.name != FOLDERS[0] or hash_of(target) == target.name:
            return True
    except CopyFailed:
        source.unlink()
    target.unlink()
    return False
