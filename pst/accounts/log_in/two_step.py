"""Two-step log-in: codes of an authenticator app (TOTP, RFC 6238), recovery codes.

What an app and the recovery codes are made of is derived from the server's secret key
and a random number in the row: the database alone does not give them away. A backup
holds the secret key too, and so does, unless it is encrypted
(`admin/backups/backup.py`).
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Self

import pyotp
import segno
import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pst import clock
from pst.accounts.users import User
from pst.database import db
from pst.office import audit, settings
from pst.rules import WrongState

CODES = 10
NONCE_BYTES = 24
CODE_LENGTH = 10
STEP_S = 30
APP_DIGITS = 6
# An app's clock may be one step off either way.
STEPS_AROUND = (0, -1, 1)


class TwoStep(db.Model):
    """The second step of one person's log-in; in force once `enabled_at` is set."""

    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    app_nonce: Mapped[str] = mapped_column(sa.String(40))
    recovery_nonce: Mapped[str] = mapped_column(sa.String(40))
    # A code works once: those of this step and before are over.
    last_step: Mapped[int]
    # One bit a recovery code that was used.
    used_codes: Mapped[int]
    codes_saved_at: Mapped[datetime | None]
    enabled_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()

    @classmethod
    def start(cls, user: User) -> Self:
        """Choose the secret for the app; no code is asked for yet."""
        row = db.session.get(cls, user.id)
        if row is not None and row.enabled_at is not None:
            raise WrongState("Masuk dua langkah sudah aktif.")
        row = row or cls(user_id=user.id)
        row.app_nonce = secrets.token_urlsafe(NONCE_BYTES)
        row.recovery_nonce = secrets.token_urlsafe(NONCE_BYTES)
        row.last_step = row.used_codes = 0
        row.enabled_at = row.codes_saved_at = None
        db.session.add(row)
        return row

    @classmethod
    def of(cls, user: User) -> Self | None:
        return db.session.get(cls, user.id)

    def enable(self, code: str) -> bool:
        """Ask for the second step from now on, if `code` shows that the app works."""
        if self.enabled_at is not None or not self._takes_app_code(code):
            return False
        self.enabled_at = self.user.two_step_at = clock.now()
        audit.record("enable_two_step", self.user.subject, self.user_id)
        return True

    def disable(self, by: User) -> None:
        """Ask for the password alone again."""
        self.user.two_step_at = None
        audit.record("disable_two_step", self.user.subject, by.id)
        db.session.delete(self)

    def renew_codes(self) -> None:
        """Make ten new recovery codes; the old ones work no more."""
        self.recovery_nonce = secrets.token_urlsafe(NONCE_BYTES)
        self.used_codes, self.codes_saved_at = 0, None
        audit.record("renew_recovery_codes", self.user.subject, self.user_id)

    def note_saved(self) -> None:
        """Note that the person has kept the recovery codes; they show no more."""
        self.codes_saved_at = clock.now()

    def takes(self, code: str) -> bool:
        """Return whether `code` opens the log-in; no code does so twice."""
        if len("".join(code.split())) == APP_DIGITS:
            return self._takes_app_code(code)
        digits = "".join(code.split()).replace("-", "").lower()
        for place, recovery_code in enumerate(self.recovery_codes):
            if _same(recovery_code.replace("-", ""), digits) and not self.used_codes & (
                1 << place
            ):
                self.used_codes |= 1 << place
                audit.record("use_recovery_code", self.user.subject, self.user_id)
                return True
        return False

    @property
    def codes_left(self) -> int:
        return CODES - self.used_codes.bit_count()

    @property
    def recovery_codes(self) -> list[str]:
        """The ten codes for when the phone is lost, as `k3v7a-9m2xq`."""
        texts = (
            base64.b32encode(_derive(f"recovery {n}:{self.recovery_nonce}"))[
                :CODE_LENGTH
            ]
            .decode()
            .lower()
            for n in range(CODES)
        )
        return [f"{text[:5]}-{text[5:]}" for text in texts]

    @property
    def secret(self) -> str:
        """Return the secret for the app, to be typed in."""
        return base64.b32encode(_derive(f"app:{self.app_nonce}")[:20]).decode()

    @property
    def qr_code(self) -> str:
        """Return the secret as a QR code: an SVG in a data: address."""
        uri = pyotp.TOTP(self.secret).provisioning_uri(
            name=self.user.email, issuer_name=settings.current().service_name
        )
        return segno.make(uri, error="m").svg_data_uri(
            scale=5, border=3, dark="#000", light="#fff"
        )

    def _takes_app_code(self, code: str) -> bool:
        now = int(clock.now().timestamp())
        totp, digits = pyotp.TOTP(self.secret), "".join(code.split())
        for step in sorted(now // STEP_S + n for n in STEPS_AROUND):
            if step > self.last_step and _same(totp.at(step * STEP_S), digits):
                self.last_step = step
                return True
        return False


def _same(code: str, entry: str) -> bool:
    return hmac.compare_digest(code.encode(), entry.encode())


def _derive(purpose: str) -> bytes:
    secret = current_app.config["PST"].secret_key
    key = hashlib.sha256(f"two-step:{secret}".encode()).digest()
    return hmac.new(key, purpose.encode(), "sha256").digest()
