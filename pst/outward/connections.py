"""Connections to other machines: which addresses, through which proxy, how safe."""

import base64
import http.client
import ipaddress
import logging
import socket
import ssl
import time
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import SplitResult

from flask import current_app

from pst.config import VERSION, Config
from pst.server.outward_config import Proxy

log = logging.getLogger(__name__)
PORTS = {"http": 80, "https": 443}


class CallFailure(Exception):
    """A call that brought no answer; `reason` is one word, the text is for the log."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


def connect(parts: SplitResult, ends_at: float) -> http.client.HTTPConnection:
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    is_tls = parts.scheme == "https"
    proxy = _config().outward.proxy
    if proxy is not None:
        connection = http.client.HTTPConnection(
            proxy.host, proxy.port, seconds_left(ends_at)
        )
        if is_tls:
            connection.set_tunnel(host, port, _credentials(proxy))
        connection.connect()
    else:
        connection = http.client.HTTPConnection(host, port)
        connection.sock = _socket(host, port, ends_at)
    connection.auto_open = 0  # once ended, it is not opened again past the checks
    if is_tls:
        connection.sock = _tls().wrap_socket(connection.sock, server_hostname=host)
    return connection


def open_socket(host: str, port: int, timeout_s: float) -> socket.socket:
    """Connect to a server of another protocol, such as IMAP, that the settings name.

    Through the proxy where one is set; an admin who names a host in the settings of
    the server has named its private address too.
    """
    ends_at = time.monotonic() + timeout_s
    proxy = _config().outward.proxy
    if proxy is not None:
        tunnel = http.client.HTTPConnection(
            proxy.host, proxy.port, seconds_left(ends_at)
        )
        tunnel.set_tunnel(host, port, _credentials(proxy))
        tunnel.connect()
        connection: socket.socket = tunnel.sock
    else:
        connection = socket.create_connection((host, port), seconds_left(ends_at))
    connection.settimeout(timeout_s)
    log.info("outward: connected to %s:%s", host, port)
    return connection


def send(
    connection: http.client.HTTPConnection,
    parts: SplitResult,
    method: str,
    headers: Mapping[str, str],
    body: bytes | None,
) -> None:
    """Send a request for the address `parts`."""
    connection.request(method, _target(parts), body, _headers(parts, headers))


def shut(connection: http.client.HTTPConnection) -> None:
    """End a connection in the middle of what it does."""
    try:
        connection.sock.shutdown(socket.SHUT_RDWR)
    except (OSError, AttributeError):
        log.debug("outward: a connection ended before its time was up")


def seconds_left(ends_at: float) -> float:
    """Return the seconds until `ends_at`, and a moment when it has passed."""
    return max(0.05, ends_at - time.monotonic())


def _socket(host: str, port: int, ends_at: float) -> socket.socket:
    """Connect to an address of `host` that was checked, and to no other."""
    error: OSError = OSError(f"{host} has no address")
    may_be_private = host.casefold() in _config().outward.private_hosts
    for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if not may_be_private and not _is_public(str(address[0])):
            raise CallFailure("refused", f"{host} has a private address")
        try:
            return socket.create_connection(
                (str(address[0]), port), seconds_left(ends_at)
            )
        except OSError as failure:
            error = failure
    raise error


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    ip = mapped or ip
    return ip.is_global and not ip.is_multicast


def _target(parts: SplitResult) -> str:
    """Return what a request line names: a path, or to a proxy the whole address."""
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if parts.scheme == "http" and _config().outward.proxy:
        return f"http://{parts.netloc}{path}"
    return path


def _headers(parts: SplitResult, headers: Mapping[str, str]) -> dict[str, str]:
    config = _config()
    own = {
        "Host": parts.netloc,
        "User-Agent": f"PST/{VERSION} (+{config.base_url})",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    if parts.scheme == "http" and config.outward.proxy:
        own |= _credentials(config.outward.proxy)
    return own | dict(headers)


def _credentials(proxy: Proxy) -> dict[str, str]:
    if proxy.user is None:
        return {}
    pair = f"{proxy.user}:{proxy.password or ''}".encode()
    return {"Proxy-Authorization": f"Basic {base64.b64encode(pair).decode()}"}


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _config() -> Config:
    config: Config = current_app.config["PST"]
    return config
