"""A browser's subscription, and the notices owed to it."""

import base64
import json
import os

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pst.accounts.users import User
from pst.database import transaction
from pst.push.devices import PushDevice
from tests.web_server import Answer, Request, WebServer


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Subscription:
    """What a browser has: its keys, and where its maker takes notices for it."""

    def __init__(self, url: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        self.endpoint = f"{url}/{base64url(os.urandom(9))}"
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.form = {
            "endpoint": self.endpoint,
            "public_key": base64url(point),
            "secret": base64url(self.auth),
        }

    def opened(self, request: Request) -> dict[str, str]:
        """Open a notice as the browser does."""
        text = http_ece.decrypt(
            request.body,
            private_key=self.key,
            auth_secret=self.auth,
            version="aes128gcm",
        )
        return json.loads(text)


class Maker(WebServer):
    """The service of a browser's maker."""

    def __init__(self) -> None:
        super().__init__(lambda request: self.answers)
        self.answers = Answer(b"", 201)


def add(person: User, maker: Maker) -> Subscription:
    subscription = Subscription(maker.url)
    with transaction():
        PushDevice.add(person, *subscription.form.values(), "Chrome di Android")
    return subscription
