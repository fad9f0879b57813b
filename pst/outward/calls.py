"""Calls that leave this machine: one way out, with limits.

A feature names the party it talks to once, as a `Party`: which hosts, how long, how
much. `ask` then refuses every other host, every private address that the server's
settings do not name, every answer that is too long or too slow, and every certificate
that is not valid. It holds no lock and writes no row; never call it in a transaction.

    BPS = calls.Party("catalogue", hosts=("webapi.bps.go.id",))

    with calls.watched(BPS):  # turns the lamp "catalogue"
        reply = calls.ask(BPS, "https://webapi.bps.go.id/v1/api/domain")

A path may hold a secret, so the log names only the host.
"""

import http.client
import logging
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from pst import lamps
from pst.database import db, reading, transaction
from pst.lamps import Level
from pst.outward import connections
from pst.outward.connections import CallFailure

__all__ = ["CallFailure", "Party", "Reply", "ask", "host_of", "note", "watched"]

log = logging.getLogger(__name__)
MAX_REDIRECTS = 3
REDIRECTS = (301, 302, 303, 307, 308)
CHUNK = 64 * 1024


@dataclass(frozen=True)
class Party:
    """A party that the service talks to; `name` is also that of its lamp.

    A host is a name, or `*.name` for all names below it.
    """

    name: str
    hosts: tuple[str, ...]
    timeout_s: float = 20
    max_bytes: int = 8 * 1024 * 1024

    def allows(self, host: str) -> bool:
        """Return whether `host` belongs to this party."""
        return any(
            host.endswith(name[1:]) if name.startswith("*.") else host == name
            for name in map(str.casefold, self.hosts)
        )


@dataclass(frozen=True)
class Reply:
    """What a party answered, with any status; the names of headers are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(
    party: Party,
    url: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Reply:
    """Return the answer of `party`; raise `CallFailure` when none comes.

    A GET follows redirects, as long as they stay with the party.
    """
    start = time.monotonic()
    try:
        reply = _follow(party, url, method, headers or {}, body)
    except CallFailure as error:
        log.warning("outward %s: %s: %s", party.name, error.reason, error)
        raise
    milliseconds = (time.monotonic() - start) * 1000
    size, host = len(reply.body), urlsplit(url).hostname
    log.info(
        "outward %s: %s %s %s, %s bytes, %.0f ms",
        party.name,
        method,
        host,
        reply.status,
        size,
        milliseconds,
    )
    return reply


@contextmanager
def watched(party: Party) -> Iterator[None]:
    """Turn the lamp of `party` by how the block ends; `CallFailure` passes on."""
    try:
        yield
    except CallFailure as error:
        note(party, Level.WARN, f"{error.reason}: {error}")
        raise
    note(party, Level.GOOD)


def note(party: Party, level: Level, value: str | None = None) -> None:
    """Turn the lamp of `party`, in a transaction of its own; only if it changes."""
    with reading():
        lamp = db.session.get(lamps.Lamp, party.name)
        before = (lamp.level, lamp.value) if lamp else (Level.GOOD, None)
    if before != (level, value):
        with transaction():
            lamps.turn(party.name, level, value)


def host_of(url: str) -> str:
    """Return the host of an address as `Party.hosts` lists it."""
    return (urlsplit(url).hostname or "").casefold()


def _follow(
    party: Party,
    url: str,
    method: str,
    headers: Mapping[str, str],
    body: bytes | None,
) -> Reply:
    ends_at = time.monotonic() + party.timeout_s
    for _ in range(MAX_REDIRECTS + 1):
        reply = _ask_once(party, url, method, headers, body, ends_at)
        target = reply.headers.get("location")
        if method != "GET" or reply.status not in REDIRECTS or not target:
            return reply
        there = _joined(url, target)
        if url.startswith("https:") and there.startswith("http:"):
            raise CallFailure("refused", "a redirect to an address without encryption")
        url = there
    raise CallFailure("refused", f"more than {MAX_REDIRECTS} redirects")


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError as error:
        raise CallFailure("refused", "a redirect to what is no web address") from error


def _ask_once(
    party: Party,
    url: str,
    method: str,
    headers: Mapping[str, str],
    body: bytes | None,
    ends_at: float,
) -> Reply:
    parts = _parts_of(party, url)
    try:
        response, raw = _exchange(parts, method, headers, body, ends_at, party)
    except (OSError, http.client.HTTPException) as error:
        if isinstance(error, TimeoutError) or time.monotonic() > ends_at:
            raise _slow(party) from error
        raise CallFailure("unreachable", f"{type(error).__name__}: {error}") from error
    if time.monotonic() > ends_at:  # the alarm may have cut it off
        raise _slow(party)
    names = {name.lower(): value for name, value in response.getheaders()}
    announced = names.get("content-length", "")
    if announced.isdigit() and len(raw) < int(announced):
        raise CallFailure("broken", f"{len(raw)} of {announced} bytes came")
    return Reply(response.status, names, _plain(raw, names, party.max_bytes))


def _exchange(
    parts: SplitResult,
    method: str,
    headers: Mapping[str, str],
    body: bytes | None,
    ends_at: float,
    party: Party,
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = connections.connect(parts, ends_at)
    # A party that sends a byte now and then keeps every other limit.
    alarm = threading.Timer(
        connections.seconds_left(ends_at), connections.shut, [connection]
    )
    alarm.daemon = True
    alarm.start()
    try:
        connections.send(connection, parts, method, headers, body)
        response = connection.getresponse()
        return response, _read(response, party.max_bytes)
    finally:
        alarm.cancel()
        connection.close()


def _slow(party: Party) -> CallFailure:
    return CallFailure("slow", f"no answer within {party.timeout_s:g} s")


def _parts_of(party: Party, url: str) -> SplitResult:
    """Return the parts of an address that `party` may be called at."""
    parts = _parts(url)
    if not party.allows(host_of(url)):
        raise CallFailure("refused", f"{parts.hostname} is no host of {party.name}")
    return parts


def _parts(url: str) -> SplitResult:
    """Take an address apart, which may be what a stranger redirected to."""
    try:
        parts = urlsplit(url)
        is_sound = parts.port != 0 and (parts.path + parts.query).isascii()
    except ValueError:  # brackets, or a port, that are none
        is_sound = False
    is_web = is_sound and parts.scheme in connections.PORTS and parts.hostname
    if not is_web or parts.username:
        raise CallFailure("refused", "not a web address")
    return parts


def _read(response: http.client.HTTPResponse, most: int) -> bytes:
    parts, size = [], 0
    while chunk := response.read(CHUNK):
        size += len(chunk)
        if size > most:
            raise CallFailure("too_large", f"more than {most} bytes")
        parts.append(chunk)
    return b"".join(parts)


def _plain(raw: bytes, headers: Mapping[str, str], most: int) -> bytes:
    """Undo the compression of a body, however large it would become."""
    if headers.get("content-encoding", "").lower() != "gzip" or not raw:
        return raw
    unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        plain = unpacking.decompress(raw, most + 1)
    except zlib.error as error:
        raise CallFailure("broken", f"bad compression: {error}") from error
    if len(plain) > most:
        raise CallFailure("too_large", f"more than {most} bytes")
    if not unpacking.eof:
        raise CallFailure("broken", "the answer was cut off")
    return plain
