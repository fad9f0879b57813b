"""How long the certificate of the service is still good, asked of the front door."""

import socket
import ssl
from contextlib import closing
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from pst import clock

PATIENCE_S = 5
HERE = "127.0.0.1"


def time_left(base_url: str) -> timedelta | None:
    """Return how long the certificate of `base_url` is good; None without HTTPS.

    Raises `OSError` when it cannot be seen.
    """
    parts = urlsplit(base_url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    port = parts.port or 443
    try:
        ends_at = _ends_at(parts.hostname, port, parts.hostname)
    except ssl.SSLError:
        raise
    except OSError:  # its public address may not be reached from the inside
        ends_at = _ends_at(HERE, port, parts.hostname)
    return ends_at - clock.now() if ends_at else timedelta(0)


def _ends_at(host: str, port: int, name: str) -> datetime | None:
    """Return the end of the certificate shown there; None when it has ended.

    Who signed it is for browsers to judge: it is trusted as it is, so that Python
    reads its dates.
    """
    pem = ssl.DER_cert_to_PEM_cert(_certificate_of(host, port, name))
    context = _context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=pem)
    try:
        with closing(_connect(context, host, port, name)) as door:
            facts = door.getpeercert() or {}
    except ssl.SSLCertVerificationError:
        return None
    ends = ssl.cert_time_to_seconds(str(facts["notAfter"]))
    return datetime.fromtimestamp(ends, UTC)


def _certificate_of(host: str, port: int, name: str) -> bytes:
    with closing(_connect(_context(), host, port, name)) as door:
        return door.getpeercert(binary_form=True) or b""


def _context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _connect(context: ssl.SSLContext, host: str, port: int, name: str) -> ssl.SSLSocket:
    line = socket.create_connection((host, port), PATIENCE_S)
    try:
        return context.wrap_socket(line, server_hostname=name)
    except BaseException:
        line.close()
        raise
