"""Sessions in a signed cookie, with one signer for all requests of a process."""

from functools import cached_property

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
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


def init_app(app: Flask) -> None:
    app.session_interface = CookieSessions(app)
