"""What waits to be sent: encrypted, under the names that it has in the copy."""

import os
import shutil
from pathlib import Path

from pst.admin.backups.archives import encrypt_file

MAX_BYTES = 200_000_000  # then what is new waits for the next round


class Spool:
    """A folder that holds what is on its way; it outlives the process."""

    def __init__(self, folder: Path, recipient: str) -> None:
        self.folder = folder / "spool"
        self._scratch = folder / "sealing"
        self._recipient = recipient
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._scratch.mkdir(mode=0o700)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.names = {
            str(path.relative_to(self.folder))
            for path in self.folder.rglob("*")
            if path.is_file()
        }
        self.size = sum((self.folder / name).stat().st_size for name in self.names)

    @property
    def is_full(self) -> bool:
        return self.size >= MAX_BYTES

    def put(self, name: str, source: Path) -> bool:
        """Encrypt `source` as `name`; return whether it was still there."""
        fresh = self._scratch / "file"
        try:
            encrypt_file(source, fresh, self._recipient)
        except OSError:
            if source.exists():
                raise
            return False  # dropped since it was listed
        target = self.folder / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.size += fresh.stat().st_size
        os.replace(fresh, target)
        self.names.add(name)
        return True

    def put_text(self, name: str, text: str) -> None:
        """Encrypt a short text as `name`."""
        source = self._scratch / "text"
        source.touch(mode=0o600)
        source.write_text(text)
        self.put(name, source)
        source.unlink()

    def forget_sent(self) -> set[str]:
        """Forget what was sent, all of it; return the names."""
        names, self.names, self.size = self.names, set(), 0
        return names
