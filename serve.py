"""The web server: `python serve.py`, on `PST_PORT` or on a socket of systemd's.

A socket that systemd holds goes on taking requests while this process is replaced;
they wait, and none is lost. `python serve.py try` only sees whether it would serve;
`python serve.py ask`, whether the one that listens on `PST_PORT` does.
"""

import ctypes
import gc
import importlib
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from sqlalchemy.orm import configure_mappers

import sd_notify
from given_socket import BACKLOG, SocketServer
from pst import config
from pst.server import process_sizing
from pst.web.load_shedding import THREADS

HOST = "127.0.0.1"
Address = str | tuple[str, int]  # a Unix socket, or host and port
HANDED_OVER = 3  # the first file descriptor of socket activation
FINISH_S = 15  # for requests under way, when the end is wanted
PROBES, PATIENCE_S = 4, 20  # several at once, so that most likely every process answers
PAUSE_S = 0.1
TRY_S = 60


class Local(HTTPConnection):
    """A connection to ourselves, by port or by Unix socket."""

    def __init__(self, address: Address, patience: float = PATIENCE_S) -> None:
        super().__init__(HOST, timeout=patience)
        self.address = address

    def connect(self) -> None:
        family = socket.AF_INET
        if isinstance(self.address, str):
            family = socket.AF_UNIX
        elif ":" in self.address[0]:
            family = socket.AF_INET6
        self.sock = socket.socket(family)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.address)


def main() -> None:
    if sys.argv[1:] == ["ask"]:
        sys.exit(answered(address_of(place_of(config.load()))) != 200)
    place = place_of(load().config["PST"])
    if sys.argv[1:] == ["try"]:
        return try_out(web(**{**place, "processes": 1}))
    serve(place, handed_over())


def serve(place: dict[str, Any], listener: socket.socket | None) -> None:
    """Serve until the end is wanted, on the socket that is given, or on a port."""
    server = web(**place)
    server.given = listener
    address = listener.getsockname() if listener else address_of(place)
    if sd_notify.are_wanted():
        server.on_startup(lambda: in_background(watch, address))
    server.serve()
    sd_notify.stopping()


def address_of(place: dict[str, Any]) -> Address:
    """Return the address at which this machine reaches itself."""
    host = {"0.0.0.0": HOST, "::": "::1"}.get(place["host"], place["host"])
    return host, place["port"]


def web(host: str, port: int, processes: int, threads: int) -> SocketServer:
    return SocketServer(
        "wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        # A connection must not be closed for not having said its version yet.
        http=HTTPModes.http1,
        websockets=False,
        workers=processes,
        blocking_threads=threads,
        backlog=BACKLOG,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=FINISH_S,
    )


def place_of(loaded: config.Config) -> dict[str, Any]:
    """Return where a configuration has us serve, and with how many threads."""
    processes = process_sizing.here(loaded.web_processes).web_processes
    place = {"host": loaded.host, "port": loaded.port, "threads": THREADS}
    return {**place, "processes": processes}


def load() -> Any:
    """Load what every process needs, so that those that are forked from here share it.

    Return the application.
    """
    app = importlib.import_module("wsgi").app
    configure_mappers()
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # what loading alone needed: some 14 MB
    gc.freeze()  # what the collector marked would not be shared any more
    return app


def handed_over() -> socket.socket | None:
    """Take the Unix socket that systemd opened for us, if it did."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, fileno=HANDED_OVER)


def in_background(run: Callable[..., None], *words: Any) -> None:
    threading.Thread(target=run, args=words, daemon=True).start()


def watch(address: Address) -> None:
    """Ask ourselves for the home page: first until it comes, then again and again."""
    while not 0 < answered(address) < 500:
        time.sleep(PAUSE_S)
    sd_notify.ready()
    while True:
        if all(answered(address) for _ in range(PROBES)):
            sd_notify.alive()
        time.sleep(sd_notify.interval_s())


def try_out(server: SocketServer) -> None:
    """Serve for a moment, to itself; end with a fault unless the home page comes."""
    answers: list[int] = []

    def see(address: Address) -> None:
        until = time.monotonic() + TRY_S
        while not answers and time.monotonic() < until:
            if status := answered(address):
                answers.append(status)
            time.sleep(PAUSE_S)
        os.kill(os.getpid(), signal.SIGTERM)

    with tempfile.TemporaryDirectory(prefix="pst-try-") as scratch:
        server.given = socket.socket(socket.AF_UNIX)
        server.given.bind(f"{scratch}/web.sock")
        server.given.listen()
        server.on_startup(lambda: in_background(see, f"{scratch}/web.sock"))
        server.serve()
    if answers != [200]:
        sys.exit(f"serve.py: the home page does not come ({answers or 'no answer'}).")


def answered(address: Address) -> int:
    """Ask for the home page; return the status, or 0 when no answer comes."""
    with closing(Local(address)) as connection:
        try:
            headers = {"Host": HOST, "Connection": "close"}
            connection.request("GET", "/", headers=headers)
            return connection.getresponse().status
        except (OSError, HTTPException):
            return 0


if __name__ == "__main__":
    main()
