"""How a process of ours lives: what it tells systemd, and that it outlives Redis.

It tells the three words of `sd_notify(3)` that the units in `deploy/units` listen for,
and is silent where no one asks.
"""

import ctypes
import logging
import os
import signal
import socket
import time
from collections.abc import Callable

from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger("pst.sd_notify")
PARTS = 3  # signs of life in the time after which systemd gives a process up
PAUSE_S = 2  # between attempts to reach Redis
PR_SET_PDEATHSIG = 1  # prctl(2)
UNHEARD_S = 1  # for a service manager that does not listen; an end is not held up by it

_main = os.getpid()


def are_wanted() -> bool:
    """Return whether a service manager listens."""
    return "NOTIFY_SOCKET" in os.environ


def speak_to(address: str) -> None:
    """Let this process, which was forked, speak for itself, and to whom."""
    global _main
    _main, os.environ["NOTIFY_SOCKET"] = os.getpid(), address


def end_with_parent(number: int = signal.SIGKILL) -> None:
    """Let this process get a signal when the one that forked it ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def ready() -> None:
    """Announce that service begins: what waited for the start may go on."""
    _tell("READY=1")


def alive() -> None:
    """Announce that all is well; a process that stays silent is started again."""
    _tell("WATCHDOG=1")


def stopping() -> None:
    """Announce that the end is wanted, so that it is not taken for a fault."""
    _tell("STOPPING=1")


def interval_s(otherwise: float = 60) -> float:
    """Return how often to say `alive`, in seconds."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    return (
        int(microseconds) / 1_000_000 / PARTS if microseconds.isdigit() else otherwise
    )


def outlive_redis(run: Callable[[Redis], None], url: str) -> None:
    """Call `run` until it ends by itself; when Redis goes away, begin again."""
    was_away = False
    while True:
        try:
            connection = connect(url)
            connection.ping()
            if was_away:
                log.warning("Redis is back")
            was_away = False
            return run(connection)
        except RedisError as error:
            if not was_away:
                log.warning("Redis is away (%s); waiting for it", error)
            was_away = True
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            alive()
            time.sleep(PAUSE_S)


def connect(url: str) -> Redis:
    """Open a connection that gives up soon, so that a stop is not waited for."""
    return Redis.from_url(url, socket_connect_timeout=1, socket_timeout=5)


def _tell(state: str) -> None:
    address = os.environ.get("NOTIFY_SOCKET")
    if not address or os.getpid() != _main:  # systemd hears no child, and would say so
        return
    if address.startswith("@"):  # a socket without a file
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.settimeout(UNHEARD_S)
        try:
            door.sendto(state.encode(), address)
        except OSError:
            return  # it listens no more: nothing of ours depends on it
