"""The browsers that people have logged in from, known by a signed cookie.

What strangers do to an account is counted by their networks; a browser that has logged
in to it is counted by itself, and its right answers always get in. The cookie says
nothing about whose accounts they are.
"""

import hmac
import secrets

from flask import current_app, request
from werkzeug.wrappers import Response

from pst.web.forms.fields import normal_email

KNOWN_FOR_S = 400 * 86_400
MARK_BYTES, SEAL_BYTES = 16, 24
# A family or an office desk shares a browser; the one used longest ago is forgotten.
MAX_ACCOUNTS = 5


def mark_of(email: str) -> str | None:
    """Return the mark of this browser if it has logged in to the account of `email`."""
    value = _value()
    mark = value[:MARK_BYTES]
    is_known = any(
        hmac.compare_digest(seal.encode(), _seal(mark, name_of(email)).encode())
        for seal in _seals(value)
    )
    return mark if is_known else None


def remember(response: Response, email: str) -> None:
    """Remember this browser for the account of `email`."""
    value, account = _value(), name_of(email)
    key = current_app.config["PST"].secret_key
    if is_genuine(value, key):
        mark, seals = value[:MARK_BYTES], _seals(value)
    else:
        mark, seals = secrets.token_urlsafe(MARK_BYTES)[:MARK_BYTES], []
    mine = _seal(mark, account)
    seals = [mine, *(seal for seal in seals if seal != mine)][:MAX_ACCOUNTS]
    response.set_cookie(
        cookie_name(current_app.config["LOGIN_COOKIE"]),
        "".join((mark, _sign(key, mark), *seals)),
        max_age=KNOWN_FOR_S,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["PST"].is_tls,
        path="/",
    )


def is_genuine(value: str, key: str) -> bool:
    """Return whether a cookie is one of ours: its browser once logged in here."""
    mark, seal = value[:MARK_BYTES], value[MARK_BYTES : MARK_BYTES + SEAL_BYTES]
    return hmac.compare_digest(seal.encode(), _sign(key, mark).encode())


def cookie_name(login_cookie: str) -> str:
    return login_cookie.replace("pst_l", "pst_d")


def name_of(email: str) -> str:
    """Name an account in cookies and counts without its address."""
    key = f"account:{current_app.config['PST'].secret_key}".encode()
    return hmac.new(key, normal_email(email).encode(), "sha256").hexdigest()[:24]


def _value() -> str:
    return request.cookies.get(cookie_name(current_app.config["LOGIN_COOKIE"]), "")


def _seals(value: str) -> list[str]:
    first = MARK_BYTES + SEAL_BYTES
    places = range(
        first, min(len(value), first + MAX_ACCOUNTS * SEAL_BYTES), SEAL_BYTES
    )
    return [value[at : at + SEAL_BYTES] for at in places]


def _seal(mark: str, account: str) -> str:
    return _sign(current_app.config["PST"].secret_key, f"{mark}:{account}")


def _sign(key: str, text: str) -> str:
    code = hmac.new(f"known browser:{key}".encode(), text.encode(), "sha256")
    return code.hexdigest()[:SEAL_BYTES]
