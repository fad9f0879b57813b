"""How many are served at once, in order of arrival; who waits too long reads so.

Four requests at a time use this process; more would only slow each other down. Pages
and sends wait ten seconds for a place; polls are first asked to come less often, and
are sent away when others wait for a second.
"""

import logging
import secrets
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from pst import networks
from pst.fair_queue import Turns
from pst.web.error_pages import RETRY_AFTER_S
from pst.web.request_limits import (
    STRANGERS_BYTES,
    Refusal,
    refuse_endless_head,
    take_body,
)
from pst.web.responses import DOCUMENT_HEADERS, FRAME_HEADERS, is_htmx

log = logging.getLogger(__name__)
PLACES = 4
BUSY_AFTER_S, POLL_PATIENCE_S, PATIENCE_S = 0.25, 1.0, 10.0
# A request that waits holds a thread. Some are left, to answer polls and to refuse.
MAX_WAITING, OTHER_THREADS = 64, 12
THREADS = PLACES + MAX_WAITING + OTHER_THREADS
SLOWER_S = 30
WIDER = "strangers_bytes"
SLOWER = ("Pst-Poll-After", str(SLOWER_S))


class Gate:
    """WSGI layer through which every request goes but idle polls."""

    def __init__(self, app: Flask) -> None:
        self.app, self.next = app, app.wsgi_app
        self.turns = Turns(PLACES, share=PLACES // 2)
        # Whether the sender of a request is logged in, or was in this browser;
        # `polling.py` knows, and by the cookie alone, which costs no look-up.
        self.knows: Callable[[dict[str, Any]], bool] = lambda environ: False
        self.knows_browser: Callable[[dict[str, Any]], bool] = lambda environ: False
        # Where strangers may send more than usual, and how much; features say so.
        self.strangers_bytes: dict[str, int] = app.extensions.get(WIDER, {})
        # What is counted of refusals; `accounts/log_in/refusals.py` does.
        self.count_refusal: Callable[[int], None] = lambda status: None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        # Strangers of one network hold half of the places at most.
        address = environ.get("REMOTE_ADDR", "")
        stranger = "" if self.knows_browser(environ) else networks.of_stranger(address)
        try:
            refuse_endless_head(environ)
            most = self.strangers_bytes.get(environ.get("PATH_INFO", ""))
            take_body(environ, self.knows, most or STRANGERS_BYTES)
            self._wait("HTTP_HX_PTAG" in environ, stranger)
        except Refusal as refusal:
            return self._refuse(refusal, environ, start_response)
        try:
            return self.next(environ, start_response)
        finally:
            self.turns.leave(stranger)

    @property
    def is_busy(self) -> bool:
        """Return whether the wait is so long that polls should come less often."""
        return self.turns.wait_s >= BUSY_AFTER_S

    def _wait(self, is_poll: bool, stranger: str) -> None:
        patience = POLL_PATIENCE_S if is_poll else PATIENCE_S
        is_late = is_poll and self.turns.wait_s >= patience
        if is_late or not self.turns.enter(MAX_WAITING, patience, stranger):
            if self.turns.is_own_burst(MAX_WAITING, stranger):
                raise Refusal(429, f"a burst from {networks.shortened(stranger)}")
            raise Refusal(503, "too many are waiting")

    def _refuse(
        self, refusal: Refusal, environ: dict[str, Any], start_response: Any
    ) -> list[bytes]:
        """Answer without Flask, which is full: with a page, or for htmx a sentence."""
        reference = secrets.token_hex(4)
        log.warning("%s refused, %s: %s", reference, refusal.status, refusal.why)
        self.count_refusal(refusal.status)
        is_script = is_htmx(environ)
        is_framed = environ.get("HTTP_SEC_FETCH_DEST") == "iframe"
        template = "_error.html" if is_script else "error_bare.html"
        text = self.app.jinja_env.get_template(template).render(
            why="burst" if refusal.status == 429 else str(refusal.status),
            reference=reference,
            is_framed=is_framed,
        )
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "no-store"),
            *{**DOCUMENT_HEADERS, **(FRAME_HEADERS if is_framed else {})}.items(),
        ]
        if refusal.status in (429, 503):
            wait = SLOWER_S if "HTTP_HX_PTAG" in environ else RETRY_AFTER_S
            headers.append(("Retry-After", str(wait)))
        if is_script:
            headers += [("HX-Retarget", "#status"), ("HX-Reswap", "innerHTML")]
        start_response(f"{refusal.status} REFUSED", headers)
        return [text.encode()]


def init_app(app: Flask) -> None:
    """Put the gate in front of what is there already."""
    app.extensions["gate"] = gate = Gate(app)
    app.wsgi_app = gate  # type: ignore[method-assign]
