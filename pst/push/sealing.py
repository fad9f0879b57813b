"""A notice as the maker's service takes it: sealed for one browser, signed by us.

RFC 8291 (who carries it cannot read it) and RFC 8292 (VAPID: the service knows that it
comes from us). Loaded only where there is something to send: it brings some 10 MB.
`http-ece` is what pywebpush uses inside; pywebpush itself would bring two more HTTP
clients, past our one way out.
"""

import base64
import json
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwt
from joserfc.jwk import ECKey

from pst import clock

CURVE = ec.SECP256R1()
# The number of points of the curve, P-256 (FIPS 186-4, D.1.2.3).
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
TOKEN_LASTS = timedelta(hours=12)


@lru_cache(maxsize=4)
def _key(secret: str) -> ec.EllipticCurvePrivateKey:
    """Return the server's key: made from its secret key, so that it is never lost."""
    kdf = HKDF(hashes.SHA256(), length=48, salt=None, info=b"pst web push")
    number = int.from_bytes(kdf.derive(secret.encode()))
    return ec.derive_private_key(number % (ORDER - 1) + 1, CURVE)


def public_key(secret: str) -> str:
    """Return the key that browsers subscribe with, as base64url."""
    return _base64url(_point(_key(secret)))


def sealed(text: dict[str, str], public_key: bytes, secret: bytes) -> bytes:
    """Return `text` encrypted for the browser with these keys."""
    body: bytes = http_ece.encrypt(
        json.dumps(text).encode(),
        private_key=ec.generate_private_key(CURVE),
        dh=public_key,
        auth_secret=secret,
        version="aes128gcm",
    )
    return body


def headers(endpoint: str, secret: str, contact: str, lasts_s: int) -> dict[str, str]:
    """Return what goes with a notice for `endpoint`, signed."""
    parts = urlsplit(endpoint)
    claims: dict[str, Any] = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((clock.now() + TOKEN_LASTS).timestamp()),
        "sub": contact,
    }
    pem = _key(secret).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    token = jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, ECKey.import_key(pem))
    return {
        "Authorization": f"vapid t={token}, k={public_key(secret)}",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(lasts_s),
        "Urgency": "normal",
    }


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
