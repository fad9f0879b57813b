"""What is stored of a secret token."""

import hashlib


def digest(token: str) -> bytes:
    """Return the SHA-256 of a token, the only form in which it is stored."""
    return hashlib.sha256(token.encode()).digest()
