"""Sessions in a signed cookie, one signer for all of a process, one token a page."""

from functools import cached_property

from flask import Flask, g
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer


class CookieSessions(SecureCookieSessionInterface):
    """Flask's own sessions; Flask makes a signer for each reading and writing."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    @cached_property
    def signer(self) -> URLSafeTimedSerializer | None:
        return super().get_signing_serializer(self.app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return self.signer


def form_token() -> str:
    """Return the token of this page's forms, some of which have ten.

    Flask-WTF keeps it too, but first reads its settings each time.
    """
    token: str | None = g.get("form_token")
    if token is None:
        token = g.form_token = generate_csrf()
    return token


def init_app(app: Flask) -> None:
    app.session_interface = CookieSessions(app)
