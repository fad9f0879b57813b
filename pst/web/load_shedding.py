"""How many are served at once: a short queue in order of arrival, then a clear refusal.

Four requests at a time use this process; more would only slow each other down. A body
is read to its end before its request takes a place, so that a slow link holds a thread,
of which there are plenty, and never a place. When many wait, polls are asked to come
less often, then are sent away, and only then pages are.
"""

import logging
import secrets
from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import Any

from flask import Flask

from pst.config import MAX_REQUEST_BYTES
from pst.fair_queue import Turns
from pst.server import memory
from pst.web.arrivals import Arrival, Arrivals, hang_up_dead, network_of
from pst.web.error_pages import RETRY_AFTER_S
from pst.web.explanations import EXPLANATIONS
from pst.web.responses import DOCUMENT_HEADERS, FRAME_HEADERS

log = logging.getLogger(__name__)
PLACES = 4
# With fewer waiting, no one notices; with more, polls can do without an answer.
BUSY_FROM, MAX_POLLS, MAX_WAITING = 4, 6, 16
PATIENCE_S = 10.0
SMALL_BYTES = 64 * 1024
# Bodies on their way at once; a message need not wait for large ones. Half as
# many again may be stuck as well (`arrivals.py`).
MAX_SMALL = MAX_LARGE = MAX_ARRIVING = 8
# Threads of one process: some are always left to answer polls, and to refuse.
THREADS = PLACES + MAX_WAITING + 3 * MAX_ARRIVING + 4
# What a stranger may send, and what a member, whose reports are long tables. Bytes and
# fields are counted before the form is taken apart, which costs far more.
STRANGERS_BYTES, STRANGERS_FIELDS = 256 * 1024, 100
MEMBERS_FIELDS = 4_000
# Where in a request's environment it says how many parts its form may have.
MAX_PARTS = "pst.max_form_parts"
# An address carries a whole description at most, and few fields.
MAX_ADDRESS_BYTES = 64 * 1024
# A browser sends a few hundred bytes of headers and cookies.
MAX_HEADERS_BYTES = 32 * 1024
# So little at a time that one on a slow link is seen to get on.
CHUNK = 8 * 1024
SLOWER_S = 30
SLOWER = ("Pst-Poll-After", str(SLOWER_S))


class Refusal(Exception):
    """A request that is not served: with which status, and for the log, why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class Gate:
    """WSGI layer through which every request goes but idle polls."""

    def __init__(self, app: Flask) -> None:
        self.app, self.next = app, app.wsgi_app
        self.turns = Turns(PLACES, share=PLACES // 2)
        self.arrivals = Arrivals(MAX_ARRIVING)
        # Whether the sender of a request is logged in, or was in this browser;
        # `polling.py` knows, and by the cookie alone, which costs no look-up.
        self.knows: Callable[[dict[str, Any]], bool] = lambda environ: False
        self.knows_browser: Callable[[dict[str, Any]], bool] = lambda environ: False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        is_poll = "HTTP_HX_PTAG" in environ
        stranger = self._name_stranger(environ)
        try:
            _refuse_endless_head(environ)
            if environ["REQUEST_METHOD"] not in ("GET", "HEAD", "OPTIONS"):
                self._take_body(environ)
            most = MAX_POLLS if is_poll else MAX_WAITING
            if not self.turns.enter(most, PATIENCE_S, stranger):
                raise Refusal(503, "too many are waiting")
        except Refusal as refusal:
            return self._refuse(refusal, environ, start_response)
        try:
            return self.next(environ, start_response)
        finally:
            self.turns.leave(stranger)
            memory.tidy()

    @property
    def is_busy(self) -> bool:
        """Return whether so many are waiting that polls should come less often."""
        return len(self.turns.waiting) >= BUSY_FROM

    def _name_stranger(self, environ: dict[str, Any]) -> str:
        """Name the network of a browser from which no one has logged in; else nothing.

        Strangers of one network hold half of the places at most.
        """
        if self.knows_browser(environ):
            return ""
        return network_of(environ.get("REMOTE_ADDR", ""))

    def _take_body(self, environ: dict[str, Any]) -> None:
        """Read the body to its end, into memory or a file; a cut-off one is refused."""
        length = _length(environ)
        # Who is logged in is asked of the database, and only when it matters.
        if (length or 0) > STRANGERS_BYTES and (length or 0) > self._most(environ):
            raise Refusal(413, f"{length} bytes")
        is_large = length is None or length > SMALL_BYTES
        port = environ.get("SERVER_PORT", "")
        if port.isdecimal() and self.arrivals.take_look():
            count = hang_up_dead(int(port))
            log.warning("%s connections hung up on which nothing moved", count)
        arrival = self.arrivals.enter(environ.get("REMOTE_ADDR", ""), is_large)
        if arrival is None:
            raise Refusal(503, "too many bodies on their way")
        try:
            environ["wsgi.input"] = self._read(environ, length, arrival)
        except OSError as error:
            raise Refusal(503, f"a body could not be read: {error}") from error
        finally:
            self.arrivals.leave(arrival)
        if "multipart" in environ.get("CONTENT_TYPE", "").lower():
            environ[MAX_PARTS] = self._most_fields(environ)

    def _read(
        self, environ: dict[str, Any], length: int | None, arrival: Arrival
    ) -> Any:
        most = self._most(environ) if length is None else length
        body = SpooledTemporaryFile(max_size=2 * SMALL_BYTES)  # noqa: SIM115 (outlives)
        left, fields, most_fields = most, 1, STRANGERS_FIELDS
        mark = _mark_between_fields(environ)
        while left > 0 and (piece := environ["wsgi.input"].read(min(CHUNK, left))):
            arrival.got(len(piece))
            body.write(piece)
            left -= len(piece)
            fields += piece.count(mark) if mark else 0
            if fields > most_fields:
                most_fields = self._most_fields(environ)
                if fields > most_fields:
                    raise Refusal(413, f"more than {most_fields} fields")
        if length is not None and left:
            raise Refusal(400, "the body was cut off")
        body.seek(0)
        return body

    def _most_fields(self, environ: dict[str, Any]) -> int:
        return MEMBERS_FIELDS if self.knows(environ) else STRANGERS_FIELDS

    def _most(self, environ: dict[str, Any]) -> int:
        return MAX_REQUEST_BYTES if self.knows(environ) else STRANGERS_BYTES

    def _refuse(
        self, refusal: Refusal, environ: dict[str, Any], start_response: Any
    ) -> list[bytes]:
        """Answer without Flask, which is full: with a page, or for htmx a sentence."""
        reference = secrets.token_hex(4)
        log.warning("%s refused, %s: %s", reference, refusal.status, refusal.why)
        is_htmx = "HTTP_HX_REQUEST" in environ
        is_framed = environ.get("HTTP_SEC_FETCH_DEST") == "iframe"
        template = "_error.html" if is_htmx else "error_bare.html"
        text = self.app.jinja_env.get_template(template).render(
            error=EXPLANATIONS[refusal.status],
            reference=reference,
            is_framed=is_framed,
        )
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "no-store"),
            *{**DOCUMENT_HEADERS, **(FRAME_HEADERS if is_framed else {})}.items(),
        ]
        if refusal.status == 503:
            wait = SLOWER_S if "HTTP_HX_PTAG" in environ else RETRY_AFTER_S
            headers.append(("Retry-After", str(wait)))
        if is_htmx:
            headers += [("HX-Retarget", "#status"), ("HX-Reswap", "innerHTML")]
        start_response(f"{refusal.status} REFUSED", headers)
        return [text.encode()]


def _refuse_endless_head(environ: dict[str, Any]) -> None:
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


def _mark_between_fields(environ: dict[str, Any]) -> bytes:
    """Return what stands between the fields of this body; nothing: Flask counts.

    The parts of a form with files are counted while it is read, up to `max_form_parts`.
    """
    is_urlencoded = "urlencoded" in environ.get("CONTENT_TYPE", "").lower()
    return b"&" if is_urlencoded else b""


def _length(environ: dict[str, Any]) -> int | None:
    """Return the declared length of the body; None when there is none."""
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return None
    text = environ.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else None


def init_app(app: Flask) -> None:
    """Put the gate in front of what is there already."""
    app.extensions["gate"] = gate = Gate(app)
    app.wsgi_app = gate  # type: ignore[method-assign]
