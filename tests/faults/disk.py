"""A disk that can be filled: a small file system, or a limit on what may grow."""

import resource
import shutil
import subprocess
from pathlib import Path

from tests.processes import Service

# More than the service calls a full disk, so that it is well before it is filled.
SIZE = 160 * 1024 * 1024
LITTLE = 200 * 1024


class Disk:
    """Where the data lie. Where nothing may be mounted, files are kept from growing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.service: Service | None = None
        size = f"size={SIZE}"
        mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
        try:
            self.is_mounted = not subprocess.run(mount, capture_output=True).returncode
        except FileNotFoundError:
            self.is_mounted = False

    @property
    def filler(self) -> Path:
        return self.folder / "filler"

    def fill(self) -> None:
        """Leave little room."""
        if self.is_mounted:
            free = shutil.disk_usage(self.folder).free
            self.filler.write_bytes(bytes(free - LITTLE))
        else:
            log = self.folder / "data" / "pst.sqlite3-wal"
            self._limit(log.stat().st_size + LITTLE)

    def free(self) -> None:
        self.filler.unlink(missing_ok=True)
        if not self.is_mounted:
            self._limit(resource.RLIM_INFINITY)

    def unmount(self) -> None:
        if self.is_mounted:
            subprocess.run(["umount", "-l", str(self.folder)], check=True)

    def _limit(self, size: int) -> None:
        if self.service is None or "web" not in self.service.running:
            return
        for pid in self.service.children("web"):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
