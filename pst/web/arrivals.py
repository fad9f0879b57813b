"""Bodies on their way: so many at once, none for ever, and not all from one network.

Reading waits inside the web server, where nothing can interrupt it. So a body that does
not get on loses its place to the next that comes, and goes on without one; and where no
proxy stands in front, a connection on which nothing moves is hung up.
"""

import contextlib
import ipaddress
import os
import socket
import struct
import threading
import time
from dataclasses import dataclass

from pst import networks

# A phone on 50 kbit/s sends ten times as much as the least.
SILENT_S, MIN_BYTES_A_S = 30.0, 500
# What takes longer than this is counted for its network.
SLOW_S = 2.0
HANG_UP_AFTER_S = 60.0
# Where in `struct tcp_info` it says for how many ms nothing was sent, and received.
LAST_SENT, LAST_RECEIVED = 44, 52


@dataclass(eq=False)
class Arrival:
    """One body that is being read."""

    network: str
    is_large: bool
    began: float
    last: float
    received: int = 0
    has_place: bool = True

    def got(self, count: int) -> None:
        self.received += count
        self.last = time.monotonic()

    def is_stuck(self, now: float) -> bool:
        """Return whether nothing came lately, or too little for so long a time."""
        age = now - self.began
        is_slow = age > SILENT_S and self.received < age * MIN_BYTES_A_S
        return now - self.last > SILENT_S or is_slow


class Arrivals:
    """Places for small bodies and for large ones.

    Of each kind `most` at once, of which one network holds at most half for longer than
    a moment; in addition half as many that were stuck and lost their place.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.lock = threading.Lock()
        self.under_way: set[Arrival] = set()
        self.next_look = 0.0

    def enter(self, address: str, is_large: bool) -> Arrival | None:
        """Take a place; None when there is none."""
        now, network = time.monotonic(), network_of(address)
        with self.lock:
            alike = [each for each in self.under_way if each.is_large == is_large]
            slow = [
                each
                for each in alike
                if network and each.network == network and now - each.began > SLOW_S
            ]
            if len(slow) >= self.most // 2:
                return None
            if sum(each.has_place for each in alike) >= self.most and not (
                self._leave_one_out(alike, now)
            ):
                return None
            arrival = Arrival(network, is_large, now, now)
            self.under_way.add(arrival)
            return arrival

    def leave(self, arrival: Arrival) -> None:
        with self.lock:
            self.under_way.discard(arrival)

    def take_look(self) -> bool:
        """Return, once in a while, whether some connection may have to be closed."""
        now = time.monotonic()
        with self.lock:
            is_time = now >= self.next_look and any(
                now - each.last > HANG_UP_AFTER_S for each in self.under_way
            )
            if is_time:
                self.next_look = now + SILENT_S
        return is_time

    def _leave_one_out(self, alike: list[Arrival], now: float) -> bool:
        without_place = sum(not each.has_place for each in alike)
        for each in alike:
            if without_place < self.most // 2 and each.has_place and each.is_stuck(now):
                each.has_place = False
                return True
        return False


def network_of(address: str) -> str:
    """Name the network of a client; empty for a proxy on this machine."""
    network = networks.network_of(address)
    return "" if network == networks.UNKNOWN or is_here(network) else network


def is_here(network: str) -> bool:
    """Return whether a network is this machine itself."""
    found = ipaddress.ip_network(network)
    return found.network_address.is_unspecified or found.is_loopback


def hang_up_dead(port: int) -> int:
    """Close the connections to our `port` on which nothing moves; tell how many.

    The browser of a reader opens another, unseen.
    """
    count = 0
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError, ValueError):
            if not os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
                continue
            with socket.socket(fileno=os.dup(int(name))) as link:
                if is_dead(link, port):
                    link.shutdown(socket.SHUT_RDWR)
                    count += 1
    return count


def is_dead(link: socket.socket, port: int) -> bool:
    """Return whether `link` is a connection to `port` on which nothing moves."""
    if link.family not in (socket.AF_INET, socket.AF_INET6):
        return False
    if link.type != socket.SOCK_STREAM or link.getsockname()[1] != port:
        return False
    link.getpeername()  # raises when the other end is closed
    facts = link.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
    quiet_ms = min(
        struct.unpack_from("I", facts, at)[0] for at in (LAST_SENT, LAST_RECEIVED)
    )
    return quiet_ms > HANG_UP_AFTER_S * 1000
