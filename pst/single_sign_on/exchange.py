"""What the provider sends, checked: tokens for a code, and who a token is about.

Loaded only where an organisation is set up: the libraries bring some 15 MB.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from pst import clock
from pst.outward import calls
from pst.server.sign_on_config import SignOn

# Signatures by a key of the provider alone; never "none", never our own secret.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
# How far the provider's clock may be from ours, and how old a notice may be.
LEEWAY_S, NOTICE_LASTS_S = 60, 300
# What gives the provider's keys for a token.
KeysFor = Callable[[str], dict[str, Any]]
BACK_CHANNEL = "http://schemas.openid.net/event/backchannel-logout"


def key_id(raw: str) -> str:
    """Return which key a token says it is signed with; nothing is proved by it."""
    try:
        return str(jws.extract_compact(raw.encode()).headers().get("kid", ""))
    except (JoseError, ValueError):
        return ""


class NotProven(Exception):
    """What came does not prove who it is; the text is for the log."""


@dataclass(frozen=True)
class Identity:
    """Who the provider says logged in, and how."""

    subject: str
    email: str
    is_email_verified: bool
    methods: frozenset[str]
    session_id: str
    id_token: str


@dataclass(frozen=True)
class ProviderResponse:
    """A party's answer as the library reads answers."""

    status_code: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def raise_for_status(self) -> None:
        if self.status_code >= 400:
            raise ValueError(f"status {self.status_code}")


class TokenTransport:
    """The library's line to the token endpoint, through our one way out."""

    def __init__(self, party: calls.Party) -> None:
        self.party = party

    def post(
        self, url: str, data: dict[str, str], headers: Any, auth: Any
    ) -> ProviderResponse:
        url, headers, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        reply = calls.ask(self.party, url, "POST", headers, body.encode())
        return ProviderResponse(reply.status, reply.body)


def authorization_url(
    config: SignOn, endpoint: str, attempt: dict[str, str], **more: str
) -> str:
    """Return the address that asks the provider for a code, with PKCE (S256)."""
    client = OAuth2Client(None, config.client_id, code_challenge_method="S256")
    url, _ = client.create_authorization_url(
        endpoint,
        state=attempt["state"],
        code_verifier=attempt["verifier"],
        nonce=attempt["nonce"],
        redirect_uri=attempt["back"],
        response_type="code",
        scope="openid email profile",
        **more,
    )
    return str(url)


def identity(
    config: SignOn,
    party: calls.Party,
    metadata: dict[str, Any],
    keys_for: KeysFor,
    attempt: dict[str, str],
    code: str,
    max_age_s: int | None,
) -> Identity:
    """Return who logged in; raise `NotProven` or `calls.Failed`."""
    try:
        tokens = _tokens(config, party, metadata, attempt, code)
        raw = str(tokens.get("id_token", ""))
        claims = _claims(config, keys_for, raw, tokens, attempt["nonce"], max_age_s)
    except (AuthlibBaseError, JoseError, ValueError, TypeError, KeyError) as error:
        raise NotProven(f"{type(error).__name__}: {error}") from error
    amr = claims.get("amr") or []
    return Identity(
        subject=str(claims["sub"]),
        email=str(claims.get("email", "")).strip(),
        is_email_verified=claims.get("email_verified") is True,
        methods=frozenset(map(str, [*amr, claims.get("acr", "")])),
        session_id=str(claims.get("sid", "")),
        id_token=raw,
    )


def _tokens(
    config: SignOn,
    party: calls.Party,
    metadata: dict[str, Any],
    attempt: dict[str, str],
    code: str,
) -> dict[str, Any]:
    methods = metadata.get("token_endpoint_auth_methods_supported") or []
    by_form = "client_secret_post" in methods and "client_secret_basic" not in methods
    client = OAuth2Client(
        TokenTransport(party),
        config.client_id,
        config.client_secret,
        token_endpoint_auth_method=(
            "client_secret_post" if by_form else "client_secret_basic"
        ),
    )
    tokens: dict[str, Any] = client.fetch_token(
        metadata["token_endpoint"],
        grant_type="authorization_code",
        code=code,
        code_verifier=attempt["verifier"],
        redirect_uri=attempt["back"],
    )
    return tokens


def _claims(
    config: SignOn,
    keys_for: KeysFor,
    raw: str,
    tokens: dict[str, Any],
    nonce: str,
    max_age_s: int | None,
) -> CodeIDToken:
    token = jwt.decode(raw, _key_set(keys_for(raw)), ALGORITHMS)
    claims = CodeIDToken(
        token.claims,
        token.header,
        {"iss": {"value": config.issuer}, "aud": {"value": config.client_id}},
        {
            "nonce": nonce,
            "client_id": config.client_id,
            "access_token": tokens.get("access_token"),
            "max_age": max_age_s,
        },
    )
    now_s = int(clock.now().timestamp())
    claims.validate(now_s, LEEWAY_S)
    if max_age_s is not None and now_s - claims["auth_time"] > max_age_s + LEEWAY_S:
        raise NotProven("the log-in at the provider is too old")
    return claims


def read_notice(config: SignOn, keys_for: KeysFor, raw: str) -> tuple[str, str]:
    """Return the subject and the session that the provider says ended.

    OpenID Connect Back-Channel Logout 1.0, section 2.6. Raise `NotProven`.
    """
    try:
        claims = jwt.decode(raw, _key_set(keys_for(raw)), ALGORITHMS).claims
        age_s = clock.now().timestamp() - float(claims["iat"])
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise NotProven(f"{type(error).__name__}: {error}") from error
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    subject, session = str(claims.get("sub", "")), str(claims.get("sid", ""))
    is_notice = BACK_CHANNEL in (claims.get("events") or {}) and "nonce" not in claims
    if claims.get("iss") != config.issuer or config.client_id not in audiences:
        raise NotProven("the notice is not from the provider, or not for us")
    if not is_notice or not (subject or session):
        raise NotProven("this token is no notice of a log-out")
    if not -LEEWAY_S <= age_s <= NOTICE_LASTS_S:
        raise NotProven(f"a notice of {age_s:.0f} s ago")
    return subject, session


def _key_set(keys: dict[str, Any]) -> KeySet:
    return KeySet.import_key_set(cast(KeySetSerialization, keys))
