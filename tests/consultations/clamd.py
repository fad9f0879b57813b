"""A virus scanner that speaks clamd's protocol, on a real socket."""

import socket
import threading
from collections.abc import Callable
from io import BufferedReader
from pathlib import Path

# Not the test file that scanners know, or one would take these tests away.
VIRUS = b"%PDF-1.4 UJI-COBA-VIRUS-YANG-TIDAK-BERBAHAYA"


class Clamd:
    """Find `VIRUS`; stream to at most `limit` bytes."""

    def __init__(self, path: Path | None, limit: int = 25_000_000) -> None:
        self.limit = limit
        self.seen: list[bytes] = []
        # Called before each answer; a slow scanner waits in it.
        self.before: Callable[[], object] = lambda: None
        kind = socket.AF_UNIX if path else socket.AF_INET
        self.door = socket.socket(kind)
        self.door.bind(str(path) if path else ("127.0.0.1", 0))
        self.door.listen()
        self.address = str(path or f"127.0.0.1:{self.door.getsockname()[1]}")
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as said:
            command = b""
            while not command.endswith(b"\0"):
                command += said.read(1)
            answer = b"PONG" if command == b"zPING\0" else self._scan(said)
            self.before()
            try:
                line.sendall(answer + b"\0")
            except OSError:
                return

    def _scan(self, said: BufferedReader) -> bytes:
        content = b""
        while length := int.from_bytes(said.read(4)):
            content += said.read(length)
            if len(content) > self.limit:
                return b"INSTREAM size limit exceeded. ERROR"
        self.seen.append(content)
        return b"stream: Uji-Coba FOUND" if VIRUS in content else b"stream: OK"
