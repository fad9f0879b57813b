"""Signed links into a consultation that work without logging in.

The signature names what the link is for; how long it works is decided by the view that
follows it, from the row (a rating: 30 days after closing).
"""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer


def sign(purpose: str, number: str) -> str:
    """Make the token of a link to the consultation `number` for `purpose`."""
    return _signer(purpose).dumps(number)


def read(purpose: str, token: str) -> str | None:
    """Return the consultation that a token is for; None when it is not ours."""
    try:
        number = _signer(purpose).loads(token)
    except BadSignature:
        return None
    return number if isinstance(number, str) else None


def _signer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"link:{purpose}")
