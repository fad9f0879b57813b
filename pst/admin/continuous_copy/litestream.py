"""Litestream at work on this machine: it follows the database into a local folder.

What it writes there is encrypted and sent by `sending.py`; its own ways out have had no
encryption since 0.5. It takes over the checkpoints of the write-ahead log, and keeps
two small tables of its own in the database (`_litestream_…`).
"""

import os
import shutil
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

from pst.admin.continuous_copy.ltx import Ltx
from pst.admin.continuous_copy.programs import CopyFailed, die_with_parent, find

CONFIG = """\
# Written by copier.py at every start.
levels:
  - interval: 1m
  - interval: 1h
snapshot:
  interval: 24h
  retention: 25h
l0-retention: 10m
logging:
  level: warn
dbs:
  - path: {database}
    monitor-interval: 2s
    replica:
      type: file
      path: {replica}
      sync-interval: 2s
"""


STEP_S, SLACK_S = 3, 10


class Litestream:
    """The process, and the chain of files that it writes."""

    def __init__(self, database: Path, folder: Path, tag: str) -> None:
        self.database, self.folder = database, folder
        self._tag = tag  # of the key that the files are encrypted for
        self.replica = folder / "replica"
        self.generation = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._is_over = False

    def keep_running(self) -> None:
        """Start it where it does not run; raise `CopyFailed` when it just ended."""
        if self._is_over:
            return
        if self._process is None:
            self._begin()
            self._start()
        elif self._process.poll() is not None:
            code = self._process.returncode
            self._process = None
            raise CopyFailed(f"Litestream ended ({code}); it is started again")

    def _begin(self) -> None:
        """Go on with the generation there is, or begin one where any of it is lost."""
        note, own = self.folder / "generation", own_folder(self.database)
        if not (_is_of(note, self._tag) and own.is_dir() and self.replica.is_dir()):
            shutil.rmtree(own, ignore_errors=True)
            shutil.rmtree(self.replica, ignore_errors=True)
            self.replica.mkdir(parents=True)
            now = datetime.fromtimestamp(time.time(), UTC)
            note.write_text(f"{now:%Y%m%dT%H%M%SZ}-{self._tag}")
        self.generation = note.read_text().strip()

    def _start(self) -> None:
        config = self.folder / "litestream.yml"
        config.write_text(CONFIG.format(database=self.database, replica=self.replica))
        self._process = subprocess.Popen(
            [find("litestream"), "replicate", "-no-expand-env", "-config", str(config)],
            stdin=subprocess.DEVNULL,
            preexec_fn=die_with_parent,
        )

    def stop(self) -> None:
        """Stop it; the changes so far are written first."""
        self._is_over = True
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process = None

    def files(self) -> dict[Ltx, Path]:
        """List what it has written, single steps first."""
        by_file = {}
        for path in sorted(self.replica.glob("ltx/*/*.ltx")):
            first, _, last = path.stem.partition("-")
            try:
                moment_ms = round(path.stat().st_mtime * 1000)
            except FileNotFoundError:
                continue  # dropped since
            level = int(path.parent.name)
            file = Ltx(self.generation, level, int(first, 16), int(last, 16), moment_ms)
            by_file[file] = path
        return by_file

    def behind_since(self, files: dict[Ltx, Path], now: float) -> float | None:
        """Return until when it has surely followed; None where nothing is newer.

        A step is dated when it is written: what was committed shortly before may be in
        the next one. Without a commit the log is hardly ever touched, so a while of
        that is no lag.
        """
        log = Path(f"{self.database}-wal")
        written_at = log.stat().st_mtime if log.exists() else 0
        newest = max((file.moment_ms / 1000 for file in files), default=0.0)
        if files and written_at <= newest - STEP_S:
            return None
        return newest if written_at > newest + SLACK_S else max(newest, now - SLACK_S)


def _is_of(note: Path, tag: str) -> bool:
    return note.exists() and note.read_text().strip().endswith(f"-{tag}")


def own_folder(database: Path) -> Path:
    """Return where Litestream keeps its state, next to the database."""
    return database.with_name(f".{database.name}-litestream")


def restore(replica: Path, target: Path) -> None:
    """Put the files in `replica` together to the database `target`, and check it."""
    words = ["-integrity-check", "full", "-o", str(target), f"file://{replica}"]
    result = subprocess.run(
        [find("litestream"), "restore", "-no-expand-env", *words],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"]},
    )
    if result.returncode:
        lines = (result.stderr or result.stdout).strip().splitlines() or ["?"]
        raise CopyFailed(f"Litestream: {lines[-1][:300]}")
