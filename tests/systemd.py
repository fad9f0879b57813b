"""What systemd does for a process of ours: holds its socket, and listens to it."""

import socket
import subprocess
import sys
import threading
from contextlib import closing
from http.client import HTTPException
from pathlib import Path

from serve import Local
from tests.processes import ROOT

PATIENCE_S = 180  # more than a busy machine needs


class Systemd:
    """Holds a socket, hands it over, and listens to what is said."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        self.path = str(folder / "w")
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(4096)
        self.door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.door.bind(str(folder / "n"))
        self.said: set[str] = set()
        threading.Thread(target=self.listen, daemon=True).start()
        self.env = {
            **env,
            "PST_WEB_PROCESSES": "1",
            "NOTIFY_SOCKET": str(folder / "n"),
            "WATCHDOG_USEC": "300000",
        }

    def start(self, program: str = "serve.py") -> subprocess.Popen:
        """Start the server as `systemd.exec(5)` says: the socket is number 3."""
        code = (
            "import os, sys; os.dup2(int(sys.argv[1]), 3); os.set_inheritable(3, True);"
            "os.environ['LISTEN_PID'] = str(os.getpid());"
            f"os.execv(sys.executable, [sys.executable, '{program}'])"
        )
        number = self.listener.fileno()
        return subprocess.Popen(
            [sys.executable, "-c", code, str(number)],
            env=self.env,
            cwd=ROOT,
            pass_fds=[number],
            start_new_session=True,
        )

    def listen(self) -> None:
        """Take what comes at once, as systemd does: few words fit into a socket."""
        while word := self.door.recv(100).decode():
            self.said.add(word)

    def close(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self.env["NOTIFY_SOCKET"])
        self.listener.close()


def status(path: str) -> int | str:
    with closing(Local(path, PATIENCE_S)) as connection:
        try:
            connection.request("GET", "/", headers={"Connection": "close"})
            return connection.getresponse().status
        except (OSError, HTTPException) as error:
            return repr(error)
