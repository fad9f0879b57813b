"""Granian on a socket that another program opened, which it has no option for.

The only place that uses names which granian keeps to itself; hence `granian<2.9`.
"""

import socket

from granian.net import SocketHolder
from granian.server import Server

BACKLOG = 4096  # requests that wait while a web process is replaced


class SocketServer(Server):
    """Granian on the socket `given`, or on a port when there is none."""

    given: socket.socket | None = None

    def _init_shared_socket(self) -> None:
        if self.given is None:
            super()._init_shared_socket()
            return
        self._shd = SocketHolder(self.given.fileno(), True, BACKLOG)
        self._sfd = self.given.fileno()
        self._sso = self.given
        self.given.set_inheritable(True)
