"""A store of files that speaks S3, when PST_TEST_FILES asks for one.

Each run has a server (`rclone serve s3`) of its own, and each folder of data a bucket's
folder. `PST_TEST_FILES=s3 pytest tests/consultations/test_attachments.py`
"""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from pst.admin.continuous_copy.programs import find
from pst.server.file_place import FilePlace, place_at
from tests.processes import HOST, _die_with_parent, free_port, wait_until
from tests.store_proxy import StoreProxy

IS_ASKED = os.environ.get("PST_TEST_FILES") == "s3"
KEY, SECRET = "AKIDPST", "kunci/rahasia+S3"
BUCKET = "berkas"


class S3Server:
    """One running server on a folder of its own."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="pst-s3-"))
        (self.folder / BUCKET).mkdir()
        self.port, self._store_port = free_port(), free_port()
        self.open()

    def open(self) -> None:
        command = [find("rclone"), "--config", "/dev/null", "serve", "s3"]
        command += ["--addr", f"{HOST}:{self._store_port}", "--dir-cache-time", "1ms"]
        command += ["--auth-key", f"{KEY},{SECRET}", str(self.folder)]
        self._process = subprocess.Popen(
            command, stderr=subprocess.DEVNULL, preexec_fn=_die_with_parent
        )
        wait_until(self._listens, "the store")
        self.proxy = StoreProxy(self.port, self._store_port)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self._store_port)) == 0

    def reopen(self) -> None:
        """Be there, if a test has ended it."""
        if self._process.poll() is not None:
            self.open()

    def stop(self) -> None:
        """Go away: connections are refused from now on."""
        self.proxy.stop()
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def url(self, prefix: str) -> str:
        secret = SECRET.replace("/", "%2F").replace("+", "%2B")
        return f"s3+http://{KEY}:{secret}@{HOST}:{self.port}/{BUCKET}/{prefix}"

    def place(self, prefix: str) -> FilePlace:
        return place_at(self.url(prefix))


@cache
def server() -> S3Server:
    made = S3Server()
    atexit.register(made.close)
    return made


def place_for(folder: Path) -> FilePlace | None:
    """Return the store of the tests for a folder of data, when one is asked for."""
    if not IS_ASKED:
        return None
    return server().place(str(folder).strip("/").replace("/", "-"))
