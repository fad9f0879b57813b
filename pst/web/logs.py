"""How the log looks: a line an event, with the number the error page shows.

To a terminal as text, to a journal or file as JSON. Nothing a person wrote is in it.
"""

import json
import logging
import sys
import time

from flask import Flask, Response, g, has_request_context, request

from pst.web.error_pages import reference

SLOW_S = 1.0
_speaker = ""  # which process this is, where several write into one log
log = logging.getLogger(__name__)


class RequestFilter(logging.Filter):
    """Put the number of the request, and what it asks for, on every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        has_one = has_request_context()
        record.request = reference() if has_one else "-"
        record.endpoint = request.endpoint or "-" if has_one else "-"
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line; a traceback is a field of it."""

    converter = staticmethod(time.gmtime)  # type: ignore[assignment]

    def format(self, record: logging.LogRecord) -> str:
        second = self.formatTime(record, "%Y-%m-%dT%H:%M:%S")
        fields = {
            "at": f"{second}.{record.msecs:03.0f}Z",
            "level": record.levelname,
            **({"process": _speaker} if _speaker else {}),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if getattr(record, "request", "-") != "-":
            fields |= {"request": record.request, "endpoint": record.endpoint}  # type: ignore[attr-defined]
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)


TEXT = "%(asctime)s %(levelname)s %(name)s [%(request)s] %(message)s"


def set_up() -> None:
    """Make every logger of this process write such lines to standard error."""
    if any(isinstance(h, OurHandler) for h in logging.getLogger().handlers):
        return
    handler = OurHandler()
    is_read_by_people = sys.stderr.isatty()
    handler.setFormatter(logging.Formatter(TEXT) if is_read_by_people else JsonLines())
    handler.addFilter(RequestFilter())
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
    # It names whole addresses; `accounts/log_in/refusals.py` writes who was refused.
    logging.getLogger("flask-limiter").setLevel(logging.WARNING)


def speak_as(name: str) -> None:
    """Name this process on each line: web, worker-1, scheduler."""
    global _speaker
    _speaker = name


class OurHandler(logging.StreamHandler):  # type: ignore[type-arg]
    """Marks the handler as ours, so that it is added once."""


def init_app(app: Flask) -> None:
    app.before_request(_start)
    app.after_request(_tell_of_slow)


def _start() -> None:
    g.started = time.perf_counter()


def _tell_of_slow(response: Response) -> Response:
    took = time.perf_counter() - g.get("started", time.perf_counter())
    if took > SLOW_S:
        log.warning("slow: %.1f s, status %s", took, response.status_code)
    return response
