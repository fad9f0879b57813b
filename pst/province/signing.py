"""The seal of an office on its figures: Ed25519 (RFC 8032), by a key of its own.

The key follows from the server's secret key: every web server of an office has it, no
backup does, and it lasts as long as that one. `cryptography` is loaded only where
something is sealed or checked: it brings some 10 MB.
"""

import base64
import binascii
import hashlib
import hmac
import importlib
from functools import lru_cache
from typing import Any

KEY_BYTES = 32


def public_key(secret: str) -> str:
    """Return the key by which others know this office's seal, as base64url."""
    return _written(_key(secret).public_key().public_bytes_raw())


def sign(secret: str, body: bytes) -> str:
    """Return the seal on `body`, as base64url."""
    return _written(_key(secret).sign(body))


def is_signed(public_key: str, signature: str, body: bytes) -> bool:
    """Return whether the holder of `public_key` put this seal on `body`."""
    mismatch = importlib.import_module("cryptography.exceptions").InvalidSignature
    try:
        key = _ed25519().Ed25519PublicKey.from_public_bytes(_read(public_key))
        key.verify(_read(signature), body)
    except (mismatch, ValueError):
        return False
    return True


def is_key(text: str) -> bool:
    """Return whether `text` can be a public key."""
    try:
        return len(_read(text)) == KEY_BYTES
    except ValueError:
        return False


@lru_cache(maxsize=4)
def _key(secret: str) -> Any:
    seed = hmac.digest(secret.encode(), b"pst figures", hashlib.sha256)
    return _ed25519().Ed25519PrivateKey.from_private_bytes(seed)


def _ed25519() -> Any:
    return importlib.import_module("cryptography.hazmat.primitives.asymmetric.ed25519")


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    try:
        padded = text + "=" * (-len(text) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
