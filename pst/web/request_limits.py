"""How much a request may bring: address, headers, bytes and fields of its body.

All of it is counted before the form is taken apart, which costs far more. The service
stands behind a proxy that holds back bodies until they are whole, so that a slow link
costs nothing here; who comes without one is read before a place is taken.
"""

from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from pst.config import MAX_REQUEST_BYTES

# What a stranger may send, and what a member, whose reports are long tables.
STRANGERS_BYTES, STRANGERS_FIELDS = 256 * 1024, 100
MEMBERS_FIELDS = 4_000
# An address carries a whole description at most, and few fields.
MAX_ADDRESS_BYTES = 64 * 1024
# A browser sends a few hundred bytes of headers and cookies.
MAX_HEADERS_BYTES = 32 * 1024
# Where in a request's environment it says how many parts its form may have.
MAX_PARTS = "pst.max_form_parts"
IN_MEMORY_BYTES, CHUNK = 128 * 1024, 64 * 1024

Environ = dict[str, Any]


class Refusal(Exception):
    """A request that is not served: with which status, and for the log, why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


def refuse_endless_head(environ: Environ) -> None:
    """Refuse an address or headers longer than any browser of ours sends."""
    address = environ.get("QUERY_STRING", "")
    fields = address.count("&")
    if len(address) > MAX_ADDRESS_BYTES or fields >= STRANGERS_FIELDS:
        raise Refusal(400, f"an address of {len(address)} bytes, {fields} fields")
    headers = sum(
        len(text) for name, text in environ.items() if name.startswith("HTTP_")
    )
    if headers > MAX_HEADERS_BYTES:
        raise Refusal(400, f"headers of {headers} bytes")


def take_body(
    environ: Environ,
    knows: Callable[[Environ], bool],
    strangers_bytes: int = STRANGERS_BYTES,
) -> None:
    """Read the body to its end, into memory or a file; refuse what is too much.

    `knows` asks whether the sender is a member, of the database; only when it matters.
    """
    if environ["REQUEST_METHOD"] in ("GET", "HEAD", "OPTIONS"):
        return
    length = _length(environ)
    if length is None or length > strangers_bytes:
        most = MAX_REQUEST_BYTES if knows(environ) else strangers_bytes
    else:
        most = length
    if (length or 0) > most:
        raise Refusal(413, f"{length} bytes")
    try:
        environ["wsgi.input"] = _read(environ, length, most, knows)
    except OSError as error:
        raise Refusal(503, f"a body could not be read: {error}") from error
    if "multipart" in environ.get("CONTENT_TYPE", "").lower():
        environ[MAX_PARTS] = MEMBERS_FIELDS if knows(environ) else STRANGERS_FIELDS


def _read(
    environ: Environ, length: int | None, most: int, knows: Callable[[Environ], bool]
) -> IO[bytes]:
    body = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 (outlives)
    room, fields, most_fields = most if length is None else length, 1, STRANGERS_FIELDS
    mark = _mark_between_fields(environ)
    while room > 0 and (piece := environ["wsgi.input"].read(min(CHUNK, room))):
        body.write(piece)
        room -= len(piece)
        fields += piece.count(mark) if mark else 0
        if fields > most_fields:
            most_fields = MEMBERS_FIELDS if knows(environ) else STRANGERS_FIELDS
            if fields > most_fields:
                raise Refusal(413, f"more than {most_fields} fields")
    if length is not None and room:
        raise Refusal(400, "the body was cut off")
    body.seek(0)
    return body


def _mark_between_fields(environ: Environ) -> bytes:
    """Return what stands between the fields of this body; nothing: Flask counts.

    The parts of a form with files are counted while it is read, up to `MAX_PARTS`.
    """
    is_urlencoded = "urlencoded" in environ.get("CONTENT_TYPE", "").lower()
    return b"&" if is_urlencoded else b""


def _length(environ: Environ) -> int | None:
    """Return the declared length of the body; None when there is none."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return None
    text = environ.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else None
