"""The figures of a month for another office: signed JSON, for who has a token.

A request is bounded before anything is counted: 60 an hour for a network, a short
token, a month that is over. What is counted then is kept for an hour.
"""

import hashlib
import json

from flask import Blueprint, Response, current_app, request

from pst.deferred_writes import afterwards
from pst.extensions import limiter
from pst.province import contract, monthly, signing
from pst.province.contract import BadDocument, MonthlyFigures
from pst.province.figure_tokens import MAX_TOKEN_LENGTH, FigureToken
from pst.web.access import everyone

bp = Blueprint("figures_api", __name__)
MAX_ASKED = "60/hour"
AN_HOUR_S = 3600
SCHEME = "bearer "
NOT_KEPT = "no-store"


def tell_to_wait(_: object) -> Response:
    """Answer in JSON too who asked too often."""
    answer = _refused(429, "too_many_requests")
    answer.headers["Retry-After"] = str(AN_HOUR_S)
    return answer


@bp.get(contract.PATH)
@everyone
@limiter.limit(MAX_ASKED, on_breach=tell_to_wait)
def show() -> Response:
    """Return the document of `period`; the token names the caller."""
    token = FigureToken.find(_token())
    if token is None:
        answer = _refused(401, "unknown_token")
        answer.headers["WWW-Authenticate"] = 'Bearer realm="pst-figures"'
        return answer
    try:
        period = contract.month(request.args.get("period", ""))
    except BadDocument:
        return _refused(400, "bad_period")
    if not monthly.is_offered(period):
        return _refused(404, "period_not_offered")
    if token.is_use_to_be_noted:
        id = token.id
        afterwards(lambda: FigureToken.note_use(id))
    return _signed(monthly.document(period))


def _token() -> str:
    header = request.headers.get("Authorization", "")
    if len(header) > len(SCHEME) + MAX_TOKEN_LENGTH:
        return ""
    is_bearer = header[: len(SCHEME)].lower() == SCHEME
    return header[len(SCHEME) :].strip() if is_bearer else ""


def _signed(document: MonthlyFigures) -> Response:
    body = document.as_bytes()
    answer = Response(body, mimetype="application/json")
    secret = current_app.config["PST"].secret_key
    answer.headers[contract.SIGNATURE] = signing.sign(secret, body)
    # To be asked for again each time, and sent again only when a figure changed.
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.vary.add("Authorization")
    figures = json.dumps([document.office, document.period, document.figures])
    answer.set_etag(hashlib.sha256(figures.encode()).hexdigest()[:32], weak=True)
    answer.make_conditional(request)
    return answer


def _refused(status: int, why: str) -> Response:
    answer = Response(json.dumps({"error": why}), status, mimetype="application/json")
    answer.headers["Cache-Control"] = NOT_KEPT
    return answer
