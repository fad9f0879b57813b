"""What monitors ask: `/sehat` for a verdict, `/metrics` for figures."""

import ipaddress
import threading
import time
from collections.abc import Iterator

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst import clock
from pst.access import everyone
from pst.accounts import refusals
from pst.admin import notes, runs
from pst.admin.health import Check, Level, checks, worst
from pst.consultations.models import Consultation
from pst.database import db
from pst.outbox.models import Delivery, OutboxMail

bp = Blueprint("monitors", __name__)
KEPT_S = 5  # a verdict is given again, so that asking often costs nothing
SEVERITY = {Level.GOOD: 0, Level.WARN: 1, Level.BAD: 2}
NEAR = ("127.0.0.1", "::1")
FORWARDED = ("X-Forwarded-For", "Forwarded")
_last: tuple[float, list[Check]] = (0.0, [])
_looking = threading.Lock()


@bp.get("/sehat")
@everyone
def health() -> ResponseReturnValue:
    """Say how the service is: 503 when something is bad, 200 otherwise.

    Strangers see the verdict only; who is on this machine, or an admin, sees each part.
    """
    found = _recent()
    verdict = worst(found)
    told: dict[str, object] = {"status": verdict}
    if is_near() or (current_user.is_authenticated and current_user.is_admin):
        told["checks"] = {check.name: check.level for check in found}
    answer = jsonify(told)
    answer.headers["Cache-Control"] = "no-store"
    return answer, 503 if verdict is Level.BAD else 200


@bp.get("/metrics")
@everyone
def metrics() -> Response:
    """Give figures in Prometheus' text form, to whom nginx lets near (`deploy/nginx`).

    And to who is on this machine: by the port, or by the Unix socket.
    """
    if not is_near():
        abort(404)
    lines = [f"{name} {value}" for name, value in figures()]
    return Response("\n".join(lines) + "\n", mimetype="text/plain; version=0.0.4")


def is_near() -> bool:
    """Return whether the request comes from this machine, past no proxy.

    A Unix socket has no address; what nginx hands on has one, in a header, but for the
    addresses on its allow-list.
    """
    address = request.environ.get("REMOTE_ADDR") or ""
    is_forwarded = any(name in request.headers for name in FORWARDED)
    return not is_forwarded and (address in NEAR or not _is_address(address))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _recent() -> list[Check]:
    """Return how all is; while one request looks, the others get the last verdict."""
    global _last
    at, found = _last
    if found and time.monotonic() - at <= KEPT_S:
        return found
    if not _looking.acquire(blocking=not found):
        return found
    try:
        if _last[0] == at:  # no one looked while this request waited
            _last = time.monotonic(), checks()
        return _last[1]
    finally:
        _looking.release()


def figures() -> Iterator[tuple[str, float | int]]:
    """Name each figure with its labels, and tell its value."""
    yield "pst_up", int(worst(_recent()) is not Level.BAD)
    for check in _recent():
        yield f'pst_check{{name="{check.name}"}}', SEVERITY[check.level]
        if check.name in ("database", "disk") and isinstance(check.value, int):
            kind = "bytes" if check.name == "database" else "free_bytes"
            yield f"pst_{check.name}_{kind}", check.value
    for status, count in refusals.this_hour().items():
        yield f'pst_refused_in_hour{{status="{status}"}}', count
    now = clock.now()
    for delivery in Delivery:
        query = sa.select(sa.func.count(OutboxMail.id)).filter_by(state=delivery)
        yield f'pst_mails{{state="{delivery}"}}', db.session.scalar(query) or 0
    oldest = db.session.scalar(
        sa.select(sa.func.min(OutboxMail.created_at)).filter_by(state=Delivery.OWED)
    )
    waited = (now - oldest).total_seconds() if oldest else 0
    yield "pst_oldest_owed_mail_seconds", waited
    by_state = sa.select(Consultation.state, sa.func.count()).group_by(
        Consultation.state
    )
    for state, count in db.session.execute(by_state):
        yield f'pst_consultations{{state="{state}"}}', count
    if (old := notes.age(current_app.config["PST"].backup_dir)) is not None:
        yield "pst_backup_age_seconds", old.total_seconds()
    for run in runs.last().values():
        if run.finished_at:
            age = (now - run.finished_at).total_seconds()
            yield f'pst_job_age_seconds{{job="{run.name}"}}', age
        yield f'pst_job_failed{{job="{run.name}"}}', int(run.has_failed)
