"""The browsers in which a person wants notices; each listed and removable."""

import base64
import binascii
from datetime import datetime
from typing import Self
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.database import db
from pst.outward.calls import Party, host_of
from pst.rules import WrongState

# The services of the browsers' makers; no other address is ever called.
HOSTS = (
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "*.notify.windows.com",
    "*.push.apple.com",
)
PUSH = Party("push", HOSTS, timeout_s=10, max_bytes=16 * 1024)
SCHEMES = ("https",)
MAX_DEVICES = 10
ENDPOINT_LENGTH, NAME_LENGTH = 1_000, 200
# An uncompressed point of P-256, and the secret of RFC 8291.
POINT_BYTES, SECRET_BYTES = 65, 16


class PushDevice(db.Model):
    """One browser of one person, and where its maker takes notices for it."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    endpoint: Mapped[str] = mapped_column(sa.String(ENDPOINT_LENGTH), unique=True)
    public_key: Mapped[str] = mapped_column(sa.String(100))
    secret: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(NAME_LENGTH))
    created_at: Mapped[datetime]
    # When the maker's service last took a notice.
    reached_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()

    @classmethod
    def add(
        cls, user: User, endpoint: str, public_key: str, secret: str, name: str
    ) -> Self:
        """Note a browser of `user`; who used it before gets nothing there any more.

        Raise `WrongState` when it is no subscription, or there are too many.
        """
        if not is_subscription(endpoint, public_key, secret):
            raise WrongState("Peramban ini tidak dapat menerima pemberitahuan.")
        device = db.session.scalar(sa.select(cls).filter_by(endpoint=endpoint))
        if device is None and len(cls.of(user)) >= MAX_DEVICES:
            raise WrongState(
                f"Paling banyak {MAX_DEVICES} perangkat. Hapus salah satu dahulu."
            )
        device = device or cls(endpoint=endpoint, created_at=clock.now())
        device.user, device.name = user, name[:NAME_LENGTH]
        device.public_key, device.secret = public_key, secret
        device.reached_at = None
        db.session.add(device)
        return device

    @classmethod
    def of(cls, user: User) -> list[Self]:
        """Return the browsers of `user`, the newest first."""
        query = sa.select(cls).filter_by(user_id=user.id).order_by(cls.id.desc())
        return list(db.session.scalars(query))


def is_subscription(endpoint: str, public_key: str, secret: str) -> bool:
    """Return whether these are what a browser gives: an address we know, and keys."""
    parts = urlsplit(endpoint)
    is_known = parts.scheme in SCHEMES and PUSH.allows(host_of(endpoint))
    is_short = len(endpoint) <= ENDPOINT_LENGTH and endpoint.isascii()
    point, key = decoded(public_key), decoded(secret)
    is_keyed = len(point) == POINT_BYTES and point[:1] == b"\4"
    return is_known and is_short and is_keyed and len(key) == SECRET_BYTES


def decoded(text: str) -> bytes:
    """Return what `text` is in the alphabet of addresses (base64url); else nothing."""
    if len(text) > 200:
        return b""
    try:
        return base64.b64decode(text.encode() + b"=" * (-len(text) % 4), b"-_", True)
    except (binascii.Error, ValueError):
        return b""
