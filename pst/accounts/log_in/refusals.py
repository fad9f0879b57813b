"""What refusals leave behind: a line in the log, and how many there were this hour.

A person refused again and again may be trying doors. The log says who, or from which
shortened network; `/metrics` and the watch read the counts.
"""

import logging
from typing import Any

from flask import Flask, Response, current_app, request
from flask_login import current_user
from limits import parse_many

from pst.accounts.log_in.throttling import guesses
from pst.networks import shortened
from pst.web.access import is_hidden

log = logging.getLogger(__name__)
# Of one network so many lines a minute are written; all are counted.
LINES = parse_many("30/minute")
# From so many in an hour on the admins are informed. A page that is not there says
# nothing; one that is there, and not theirs, was looked for.
TOO_MANY = {401: 1_000, 403: 100, 404: 60, 429: 500}


def init_app(app: Flask) -> None:
    app.after_request(note)


def count_at_gate(app: Flask) -> None:
    """Count what is refused before Flask sees it, too."""
    counts = app.extensions["guesses"]

    def count(status: int) -> None:
        if status in TOO_MANY:
            counts.tally("refused", str(status))

    app.extensions["gate"].count_refusal = count


def note(response: Response) -> Response:
    """Write a refusal down and count it."""
    if status := _refused(response):
        guesses().tally("refused", str(status))
        network = shortened(request.remote_addr or "")
        if not guesses().take([(LINES, ("refusal lines", network))]):
            id = current_user.get_id()
            who = f"person {id}" if id else "a stranger"
            log.warning("refused %s: %s from %s", status, who, network)
    return response


def this_hour() -> dict[int, int]:
    """Return how many requests were refused within the hour, by status."""
    return {status: guesses().tallied("refused", str(status)) for status in TOO_MANY}


def too_many() -> dict[int, int]:
    """Return the counts that suggest that someone is probing."""
    return {status: n for status, n in this_hour().items() if n >= TOO_MANY[status]}


def _refused(response: Response) -> int:
    """Return the status of a refusal, or 0; for a GET the way to log in is one."""
    status = response.status_code
    if status == 404:
        return 404 if is_hidden() else 0
    view: Any = current_app.view_functions.get(request.endpoint or "")
    is_open = getattr(view, "access", "everyone") == "everyone"
    if status == 302 and not is_open and not current_user.is_authenticated:
        return 401
    return status if status in TOO_MANY else 0
