"""Files are shown to a virus scanner, where the office has one (`PST_CLAMD`).

It is clamd's protocol: the content is streamed, the answer is one line. A file in which
something is found is kept in quarantine, outside of what is served and backed up. While
the scanner is away nothing is taken: what was not looked at reaches no one.
"""

import hashlib
import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flask import current_app

from pst import clock
from pst.fair_queue import Turns
from pst.uploads.formats import Away, Busy, FileRefusal

log = logging.getLogger(__name__)
SCAN_S, PING_S = 15.0, 2.0
PATIENCE_S = 5
SCANS_AT_ONCE = 2  # of the few places that a process has for requests
PIECE = 65_536
MAX_ANSWER_BYTES = 1_000
KEPT_FOR = timedelta(days=30)
AWAY = "Pemeriksa virus sedang tidak menjawab. Tunggu sebentar, lalu unggah lagi."
TOO_LARGE = "Berkas terlalu besar untuk pemeriksa virus."
MAX_FINDING_LENGTH = 80
_turns = Turns(SCANS_AT_ONCE)


def find_virus(content: bytes) -> str | None:
    """Return what the scanner finds in `content`, None for nothing or no scanner.

    What is found is put in quarantine. Raises `Away` while the scanner is away, `Busy`
    when only this file gets no answer. Slow: never call it while a transaction is open.
    """
    address = current_app.config["PST"].clamd
    if address is None:
        return None
    if not _turns.enter(SCANS_AT_ONCE, PATIENCE_S):
        raise Busy(AWAY)
    try:
        answer = _ask(address, _instream(content), SCAN_S)
    except OSError as error:
        log.warning("virus scanner: %s", type(error).__name__)
        raise (Busy if is_answering() else Away)(AWAY) from error
    finally:
        _turns.leave()
    return _understood(answer, content)


def is_answering() -> bool:
    """Return whether the scanner is there."""
    try:
        return _ask(current_app.config["PST"].clamd, [b"zPING\0"], PING_S) == "PONG"
    except OSError:
        return False


def quarantined() -> list[Path]:
    """List the files that are held back."""
    return list(_quarantine().glob("[0-9a-f]*"))


def empty_quarantine() -> None:
    """Remove what was held back more than 30 days ago."""
    before = (clock.now() - KEPT_FOR).timestamp()
    for path in quarantined():
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _understood(answer: str, content: bytes) -> str | None:
    if answer.endswith(" FOUND"):
        finding = answer.removeprefix("stream: ").removesuffix(" FOUND")
        _hold_back(content)
        return finding[:MAX_FINDING_LENGTH]
    if answer.endswith(": OK"):
        return None
    log.warning("virus scanner: %s", answer)
    if "size limit exceeded" in answer:
        raise FileRefusal(TOO_LARGE)
    raise Busy(AWAY)


def _instream(content: bytes) -> Iterator[bytes]:
    yield b"zINSTREAM\0"
    for at in range(0, len(content), PIECE):
        piece = content[at : at + PIECE]
        yield len(piece).to_bytes(4) + piece
    yield bytes(4)


def _ask(address: str, pieces: Iterator[bytes] | list[bytes], most_s: float) -> str:
    """Send the pieces and read the one line of the answer, all within `most_s`."""
    until = time.monotonic() + most_s
    with _connected(address, until) as line:
        try:
            for piece in pieces:
                line.settimeout(_seconds_left(until))
                line.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has said enough is enough; its answer tells why
        answer = b""
        while b"\0" not in answer and len(answer) < MAX_ANSWER_BYTES:
            line.settimeout(_seconds_left(until))
            piece = line.recv(MAX_ANSWER_BYTES)
            if not piece:
                break
            answer += piece
    return answer.partition(b"\0")[0].decode(errors="replace").strip()


@contextmanager
def _connected(address: str, until: float) -> Iterator[socket.socket]:
    if address.startswith("/"):
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(_seconds_left(until))
            line.connect(address)
            yield line
    else:
        host, _, port = address.rpartition(":")
        with socket.create_connection((host, int(port)), _seconds_left(until)) as line:
            yield line


def _seconds_left(until: float) -> float:
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def _quarantine() -> Path:
    return Path(current_app.config["PST"].data_dir) / "quarantine"


def _hold_back(content: bytes) -> None:
    """Keep the file under a name of ours, for the IT person to examine."""
    path = _quarantine() / hashlib.sha256(content).hexdigest()
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
    now = clock.now().timestamp()
    os.utime(path, (now, now))
