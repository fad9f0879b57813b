"""What monitors ask: `/sehat` for a verdict, `/metrics` for figures."""

import time
from collections.abc import Iterator

import sqlalchemy as sa
from flask import Blueprint, Response, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from pst import clock
from pst.access import everyone
from pst.admin import notes, runs
from pst.admin.health import Check, Level, checks, worst
from pst.consultations.models import Consultation
from pst.database import db
from pst.outbox.models import Delivery, OutboxMail

bp = Blueprint("monitors", __name__)
KEPT_S = 5  # a verdict is given again, so that asking often costs nothing
SEVERITY = {Level.GOOD: 0, Level.WARN: 1, Level.BAD: 2}
# Without these nobody is served; whatever else is bad, pages and messages go on.
VITAL = {"database", "disk"}
_last: tuple[float, list[Check]] = (0.0, [])


@bp.get("/sehat")
@everyone
def health() -> ResponseReturnValue:
    """Tell how every part is; 503 only when people cannot be served."""
    found = _recent()
    is_down = any(c.level is Level.BAD for c in found if c.name in VITAL)
    answer = jsonify(
        status=worst(found), checks={check.name: check.level for check in found}
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer, 503 if is_down else 200


@bp.get("/metrics")
@everyone
def metrics() -> Response:
    """Give figures in Prometheus' text form, to this machine only."""
    if request.environ.get("REMOTE_ADDR") not in ("127.0.0.1", "::1") or any(
        name in request.headers for name in ("X-Forwarded-For", "Forwarded")
    ):
        abort(404)
    lines = [f"{name} {value}" for name, value in figures()]
    return Response("\n".join(lines) + "\n", mimetype="text/plain; version=0.0.4")


def _recent() -> list[Check]:
    global _last
    at, found = _last
    if not found or time.monotonic() - at > KEPT_S:
        found = checks()
        _last = time.monotonic(), found
    return found


def figures() -> Iterator[tuple[str, float | int]]:
    """Name each figure with its labels, and tell its value."""
    for check in _recent():
        yield f'pst_check{{name="{check.name}"}}', SEVERITY[check.level]
        if check.name in ("database", "disk") and isinstance(check.value, int):
            kind = "bytes" if check.name == "database" else "free_bytes"
            yield f"pst_{check.name}_{kind}", check.value
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
