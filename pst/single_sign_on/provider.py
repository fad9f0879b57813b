"""The organisation's provider: where its endpoints are, and its keys, kept an hour."""

import importlib
import json
import time
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app

from pst import lamps
from pst.outward import calls
from pst.outward.calls import CallFailure, Party
from pst.server.sign_on_config import SignOn

LAMP = "single_sign_on"
KEPT_S = 3600
# After a failure no request asks again for so long.
REST_S = 10
TIMEOUT_S, MAX_BYTES = 8.0, 256 * 1024
DISCOVERY = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")

lamps.register(LAMP)


@dataclass
class Provider:
    """One provider, and what it published last."""

    config: SignOn
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)
    _asked_at: float = 0
    _rests_until: float = 0

    @property
    def party(self) -> Party:
        host = calls.host_of(self.config.issuer)
        return Party(LAMP, (host,), TIMEOUT_S, MAX_BYTES)

    @property
    def exchange(self) -> Any:
        """The module that checks what comes; loaded when it is first needed."""
        return importlib.import_module("pst.single_sign_on.exchange")

    def refresh(self, *, is_urgent: bool = False) -> None:
        """Read where the endpoints are and the keys, unless that was done recently.

        With `is_urgent`, when a key is not known, at most once in ten seconds. Raise
        `CallFailure`.
        """
        now = time.monotonic()
        if now < self._rests_until:
            if self.metadata:
                return
            raise CallFailure("resting", "the provider did not answer a moment ago")
        if self.metadata and now - self._asked_at < KEPT_S and not is_urgent:
            return
        self._rests_until = now + REST_S
        with calls.watched(self.party):
            metadata = self._read(self.config.issuer + DISCOVERY)
            self._check(metadata)
            keys = self._read(metadata["jwks_uri"])
        key_list = keys.get("keys")
        if not isinstance(key_list, list) or not all(
            isinstance(k, dict) for k in key_list
        ):
            raise CallFailure("broken", "the provider's keys cannot be read")
        self.metadata, self.keys, self._asked_at = metadata, keys, now
        self._rests_until = now + (REST_S if is_urgent else 0)

    def keys_for(self, raw: str) -> dict[str, Any]:
        """Return the keys; read again when a token is signed with another one."""
        key_ids = {str(key.get("kid", "")) for key in self.keys["keys"]}
        if self.exchange.key_id(raw) not in key_ids:
            self.refresh(is_urgent=True)
        return self.keys

    def _read(self, url: str) -> dict[str, Any]:
        reply = calls.ask(self.party, url, headers={"Accept": "application/json"})
        if reply.status != 200:
            raise CallFailure("refused", f"status {reply.status}")
        try:
            value = json.loads(reply.body)
        except ValueError as error:
            raise CallFailure("broken", "no JSON came") from error
        if not isinstance(value, dict):
            raise CallFailure("broken", "no JSON object came")
        return value

    def _check(self, metadata: dict[str, Any]) -> None:
        if metadata.get("issuer") != self.config.issuer:
            raise CallFailure("broken", "the provider calls itself by another name")
        for name in ENDPOINTS:
            if not isinstance(metadata.get(name), str):
                raise CallFailure("broken", f"the provider names no {name}")


def init_app(app: Flask) -> None:
    config = app.config["PST"].sign_on
    app.extensions["single_sign_on"] = Provider(config) if config else None


def provider() -> Provider | None:
    """Return the organisation's provider; None where none is set up."""
    extension: Provider | None = current_app.extensions["single_sign_on"]
    return extension
