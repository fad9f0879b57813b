"""How long the certificate of the service is still good, asked of the front door."""

import importlib
import socket
import ssl
from datetime import datetime, timedelta
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
    name, port = parts.hostname, parts.port or 443
    try:
        certificate = _certificate_of(name, port, name)
    except ssl.SSLError:
        raise
    except OSError:  # its public address may not be reached from the inside
        certificate = _certificate_of(HERE, port, name)
    x509 = importlib.import_module("cryptography.x509")  # for once in a while
    ends_at: datetime = x509.load_der_x509_certificate(certificate).not_valid_after_utc
    return ends_at - clock.now()


def _certificate_of(host: str, port: int, name: str) -> bytes:
    """Return the certificate shown there; who signed it is for browsers to judge."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((host, port), PATIENCE_S) as line,
        context.wrap_socket(line, server_hostname=name) as door,
    ):
        return door.getpeercert(binary_form=True) or b""
