"""Logging in with the organisation: there, back, and out on both sides.

The code flow of OpenID Connect with PKCE. What was started is kept in the browser's
signed session and can be used once; only staff who have an account here get in.
"""

import logging
import secrets
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from pst import clock
from pst.accounts.blueprint import current_log_in
from pst.accounts.log_in.views import go_half_way, let_in
from pst.accounts.log_ins import ProviderLogIn
from pst.accounts.users import User
from pst.database import db, only_read, reading, transaction
from pst.extensions import csrf, limiter
from pst.office import audit
from pst.outward.calls import CallFailure
from pst.single_sign_on import whose_account
from pst.single_sign_on.models import SUBJECT_LENGTH, end_sessions
from pst.single_sign_on.provider import Provider, provider
from pst.web.access import everyone
from pst.web.registered_pages import endpoint_of
from pst.web.responses import link, page, safe_next

bp = Blueprint("single_sign_on", __name__, url_prefix="/masuk/organisasi")
log = logging.getLogger(__name__)

# How long a person may take at the provider.
LASTS = timedelta(minutes=10)
FRESH_S = 60  # at most, for a log-in there that confirms a dangerous act
MAX_CODE_LENGTH, MAX_NOTICE_LENGTH = 4_000, 16_000


@bp.app_template_global()
def has_sign_on() -> bool:
    """Return whether staff may log in with their organisation."""
    return provider() is not None


@bp.get("")
@everyone
@limiter.limit("30/minute")
def start() -> ResponseReturnValue:
    """Send the person to the provider; `ulang` asks to log in there again."""
    there = provider()
    if there is None:
        return redirect(url_for("accounts.log_in"), code=303)
    again = "ulang" in request.args and current_user.is_authenticated
    attempt = {
        "state": secrets.token_urlsafe(24),
        "nonce": secrets.token_urlsafe(24),
        "verifier": secrets.token_urlsafe(48),
        "back": link("single_sign_on.back"),
        "next": safe_next(request.args.get("next"), "")[:1000],
        "shared": "ya" if request.args.get("shared") == "ya" else "",
        "again": "ya" if again else "",
        "at": clock.now().isoformat(),
    }
    db.session.rollback()
    try:
        there.refresh()
    except CallFailure:
        return _refuse("away", 503)
    more = {"prompt": "login", "max_age": "0"} if again else {}
    url = there.exchange.authorization_url(
        there.config, there.metadata["authorization_endpoint"], attempt, **more
    )
    session["sign_on"] = attempt
    return redirect(url, code=303)


@bp.get("/kembali")
@everyone
@limiter.limit("30/minute")
def back() -> ResponseReturnValue:
    """Take the code that the provider sends back with the person."""
    there, attempt = provider(), session.pop("sign_on", None)
    if there is None or not _is_ours(attempt):
        return _refuse("stale", 400)
    if request.args.get("iss", there.config.issuer) != there.config.issuer:
        return _refuse("stale", 400)
    code = request.args.get("code", "")
    if not code or len(code) > MAX_CODE_LENGTH:
        return _refuse("declined", 400)
    db.session.rollback()
    try:
        identity = _identity(there, attempt, code)
    except CallFailure:
        return _refuse("away", 503)
    except there.exchange.NotProven as error:
        return _refuse("unproven", 403, str(error))
    only_read(False)  # this GET lets a person in, as its code may once
    return _let_in(there, attempt, identity)


def _is_ours(attempt: Any) -> bool:
    """Return whether what comes back is what was started here a moment ago."""
    if not isinstance(attempt, dict):
        return False
    is_same = secrets.compare_digest(
        attempt["state"].encode(), request.args.get("state", "").encode()
    )
    return is_same and clock.now() - datetime.fromisoformat(attempt["at"]) <= LASTS


def _identity(there: Provider, attempt: dict[str, str], code: str) -> Any:
    """Exchange the code for tokens."""
    there.refresh()
    return there.exchange.identity(
        there.config,
        there.party,
        there.metadata,
        there.keys_for,
        attempt,
        code,
        FRESH_S if attempt["again"] else None,
    )


def _let_in(
    there: Provider, attempt: dict[str, str], identity: Any
) -> ResponseReturnValue:
    user, reason = whose_account.user_of(there, identity)
    if user is None:
        return _refuse(reason, 403)
    if attempt["again"]:
        return _confirm(user, attempt)
    origin = ProviderLogIn(
        identity.session_id[:SUBJECT_LENGTH] or None,
        _leave_url(there, identity),
        bool(identity.methods & there.config.two_step_values),
    )
    shared, onward = bool(attempt["shared"]), attempt["next"]
    if user.has_two_step and not origin.has_second_step:
        return go_half_way(user, shared=shared, origin=origin, onward=onward)
    return let_in(user, shared=shared, origin=origin, onward=onward)


def _confirm(user: User, attempt: dict[str, str]) -> Response:
    """Note that the person who is signed in logged in there again."""
    row = current_log_in()
    if row is None or row.user_id != user.id:
        return _refuse("other", 403)
    row.confirm()
    db.session.commit()
    return redirect(attempt["next"] or url_for("accounts.show"), code=303)


def _leave_url(there: Provider, identity: Any) -> str | None:
    """Return the address that ends the log-in at the provider too."""
    endpoint = there.metadata.get("end_session_endpoint")
    if not isinstance(endpoint, str) or not endpoint.startswith(("https:", "http:")):
        return None
    query = {
        "id_token_hint": identity.id_token,
        "client_id": there.config.client_id,
        "post_logout_redirect_uri": link(endpoint_of("home")),
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


@bp.post("/pengakhiran")
@everyone
@csrf.exempt  # the provider sends it, signed; no page of ours does
@limiter.limit("60/minute")
def end() -> ResponseReturnValue:
    """End the log-ins that the provider says are over (back-channel logout)."""
    there, raw = provider(), request.form.get("logout_token", "")
    if there is None or not raw or len(raw) > MAX_NOTICE_LENGTH:
        return "", 400
    db.session.rollback()
    try:
        there.refresh()
        subject, session_id = there.exchange.read_notice(
            there.config, there.keys_for, raw
        )
    except CallFailure:
        return "", 503
    except there.exchange.NotProven as error:
        log.warning("a notice of a log-out was refused: %s", error)
        return "", 400
    with transaction():
        end_sessions(there.config.issuer, subject, session_id)
    return make_response("", 200, {"Cache-Control": "no-store"})


def _refuse(why: str, status: int, detail: str = "") -> Response:
    """Return the page that says why no one was let in, with the ways that are left."""
    db.session.rollback()
    log.warning("log-in with the organisation refused: %s %s", why, detail)
    if status == 403:
        only_read(False)
        audit.record("sign_on_failed", "user:unknown", None, reason=why)
        db.session.commit()
    with reading():
        return page("single_sign_on/refused.html", status=status, why=why)
