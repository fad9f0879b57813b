"""A real provider of OpenID Connect on a socket: one person is logged in at it."""

import base64
import hashlib
import json
import secrets
import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from tests.web_server import Answer, Request, WebServer

CLIENT, SECRET = "pst", "rahasia-klien"
NOTICE = "http://schemas.openid.net/event/backchannel-logout"


class OpenIdProvider(WebServer):
    """Issues codes and signed tokens; `person` is who is logged in there.

    `claims` change what the token says, `faults` what the server answers by path.
    """

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.key = RSAKey.generate_key(2048, {"kid": "1"})
        self.person: dict[str, Any] = {
            "sub": "budi-di-organisasi",
            "email": "budi@contoh.test",
            "email_verified": True,
            "sid": "sesi-1",
            "amr": ["pwd"],
        }
        self.claims: dict[str, Any] = {}
        self.faults: dict[str, Answer] = {}
        self.metadata: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.ended: list[dict[str, str]] = []

    def follow(self, address: str) -> str:
        """Log the person in as a browser would; return the address it comes back to."""
        fields = {n: v[0] for n, v in parse_qs(urlsplit(address).query).items()}
        assert fields["client_id"] == CLIENT and fields["response_type"] == "code"
        assert fields["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = fields
        query = urlencode({"code": code, "state": fields["state"], "iss": self.url})
        return f"{fields['redirect_uri']}?{query}"

    def notice(self, **changed: Any) -> str:
        """Sign a notice that a session ended."""
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": int(time.time()),
            "jti": secrets.token_hex(8),
            "events": {NOTICE: {}},
            "sid": "sesi-1",
            **changed,
        }
        return self.sign({k: v for k, v in claims.items() if v is not None})

    def sign(self, claims: dict[str, Any], key: RSAKey | None = None) -> str:
        return jwt.encode(self._header, claims, key or self.key)

    @property
    def _header(self) -> dict[str, str]:
        return {"alg": "RS256", "kid": self.key.kid or ""}

    def _answer(self, request: Request) -> Answer:
        path = urlsplit(request.path).path
        if path in self.faults:
            return self.faults[path]
        if path == "/.well-known/openid-configuration":
            return _json(self._metadata() | self.metadata)
        if path == "/kunci":
            return _json(KeySet([self.key]).as_dict(private=False))
        if path == "/token":
            return self._token(request)
        return Answer(b"", 404)

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/izin",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/kunci",
            "end_session_endpoint": f"{self.url}/keluar",
        }

    def _token(self, request: Request) -> Answer:
        form = {n: v[0] for n, v in parse_qs(request.body.decode()).items()}
        pair = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            return _json({"error": "invalid_client"}, 401)
        query = self.codes.pop(form.get("code", ""), None)  # a code works once
        if query is None or form["redirect_uri"] != query["redirect_uri"]:
            return _json({"error": "invalid_grant"}, 400)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if challenge != query["code_challenge"]:
            return _json({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": query["nonce"],
            **self.person,
            **self.claims,
        }
        token = self.sign({k: v for k, v in claims.items() if v is not None})
        access = secrets.token_urlsafe(16)
        return _json(
            {"access_token": access, "token_type": "Bearer", "id_token": token}
        )


def _json(value: Any, status: int = 200) -> Answer:
    headers = {"Content-Type": "application/json"}
    return Answer(json.dumps(value).encode(), status, headers)
