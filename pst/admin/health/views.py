"""Pages for monitoring: `/sehat` gives a verdict, `/metrics` gives figures."""

import ipaddress
import threading
import time
from collections.abc import Iterator

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pst import clock
from pst.accounts.log_in import refusals
from pst.admin import job_runs
from pst.admin.backups import notes
from pst.admin.health.looks import Check, Level, checks, worst
from pst.consultations.models import Consultation
from pst.database import db
from pst.outbox.models import Delivery, OutboxMail
from pst.web.access import everyone

bp = Blueprint("health", __name__)
KEPT_S = 5  # a verdict is given again for so long: asking often costs little
SEVERITY = {Level.GOOD: 0, Level.WARN: 1, Level.BAD: 2}
NEAR = ("127.0.0.1", "::1")
FORWARDED = ("X-Forwarded-For", "Forwarded")
_last: tuple[float, list[Check]] = (0.0, [])
_looking = threading.Lock()


@bp.get("/sehat")
@everyone
def health() -> ResponseReturnValue:
    """Return the state of the service: 503 when a part is bad, 200 otherwise.

    Strangers see only the verdict; this machine and admins see each part.
    """
    recent = _recent()
    verdict = worst(recent)
    body: dict[str, object] = {"status": verdict}
    if is_near() or (current_user.is_authenticated and current_user.is_admin):
        body["checks"] = {check.name: check.level for check in recent}
    answer = jsonify(body)
    answer.headers["Cache-Control"] = "no-store"
    return answer, 503 if verdict is Level.BAD else 200


@bp.get("/metrics")
@everyone
def metrics() -> Response:
    """Return figures in the text format of Prometheus.

    Only for this machine, by the port or the Unix socket, and for the addresses that
    nginx allows (`deploy/nginx`).
    """
    if not is_near():
        abort(404)
    lines = [f"{name} {value}" for name, value in figures()]
    return Response("\n".join(lines) + "\n", mimetype="text/plain; version=0.0.4")


def is_near() -> bool:
    """Return whether the request comes from this machine, past no proxy.

    A Unix socket has no address. nginx adds one, in a header, unless the address is on
    its allow-list.
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
    """Return all checks; while one request makes them, the others get the last ones."""
    global _last
    at, checks_then = _last
    if checks_then and time.monotonic() - at <= KEPT_S:
        return checks_then
    if not _looking.acquire(blocking=not checks_then):
        return checks_then
    try:
        if _last[0] == at:  # no one looked while this request waited
            _last = time.monotonic(), checks()
        return _last[1]
    finally:
        _looking.release()


def figures() -> Iterator[tuple[str, float | int]]:
    """Yield each figure: its name with labels, and its value."""
    yield from _check_figures()
    for status, count in refusals.this_hour().items():
        yield f'pst_refused_in_hour{{status="{status}"}}', count
    yield from _mail_figures()
    by_state = sa.select(Consultation.state, sa.func.count()).group_by(
        Consultation.state
    )
    for state, count in db.session.execute(by_state):
        yield f'pst_consultations{{state="{state}"}}', count
    if (age := notes.age(current_app.config["PST"].backup_dir)) is not None:
        yield "pst_backup_age_seconds", age.total_seconds()
    yield from _job_figures()


def _check_figures() -> Iterator[tuple[str, float | int]]:
    yield "pst_up", int(worst(_recent()) is not Level.BAD)
    for check in _recent():
        yield f'pst_check{{name="{check.name}"}}', SEVERITY[check.level]
        if check.name in ("database", "disk") and isinstance(check.value, int):
            unit = "bytes" if check.name == "database" else "free_bytes"
            yield f"pst_{check.name}_{unit}", check.value


def _mail_figures() -> Iterator[tuple[str, float | int]]:
    for delivery in Delivery:
        query = sa.select(sa.func.count(OutboxMail.id)).filter_by(state=delivery)
        yield f'pst_mails{{state="{delivery}"}}', db.session.scalar(query) or 0
    oldest = db.session.scalar(
        sa.select(sa.func.min(OutboxMail.created_at)).filter_by(state=Delivery.OWED)
    )
    waiting_s = (clock.now() - oldest).total_seconds() if oldest else 0
    yield "pst_oldest_owed_mail_seconds", waiting_s


def _job_figures() -> Iterator[tuple[str, float | int]]:
    for run in job_runs.last().values():
        if run.finished_at:
            age = (clock.now() - run.finished_at).total_seconds()
            yield f'pst_job_age_seconds{{job="{run.name}"}}', age
        yield f'pst_job_failed{{job="{run.name}"}}', int(run.has_failed)
