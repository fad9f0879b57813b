"""The organisation that staff log in with (OpenID Connect): settings and checks."""

from dataclasses import dataclass, field

from pst.server.config_values import BadSetting
from pst.server.outward_config import base_address

# Methods (RFC 8176) that say by themselves that two steps were taken.
TWO_STEPS = ("mfa",)


@dataclass(frozen=True)
class SignOn:
    """The provider of log-ins, our name there, and which people it may vouch for."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    # Domains of mail addresses; others are never linked.
    domains: frozenset[str]
    # Values of `acr` or `amr` that mean a second step.
    two_step_values: frozenset[str]
    # Whether staff log in with the organisation only; the first admin need not.
    is_required: bool


def sign_on(env: dict[str, str]) -> SignOn | None:
    """Return the settings `PST_OIDC_…`; None when no issuer is named."""
    issuer = env.get("PST_OIDC_ISSUER")
    if not issuer:
        return None
    values = {
        "PST_OIDC_CLIENT_ID": env.get("PST_OIDC_CLIENT_ID") or "",
        "PST_OIDC_CLIENT_SECRET": env.get("PST_OIDC_CLIENT_SECRET") or "",
        "PST_OIDC_DOMAINS": env.get("PST_OIDC_DOMAINS") or "",
    }
    for name, value in values.items():
        if not value.strip():
            raise BadSetting(f"{name} is missing; PST_OIDC_ISSUER needs it.")
    two_step = _words(env.get("PST_OIDC_TWO_STEP")) or frozenset(TWO_STEPS)
    return SignOn(
        base_address("PST_OIDC_ISSUER", issuer),
        values["PST_OIDC_CLIENT_ID"],
        values["PST_OIDC_CLIENT_SECRET"],
        frozenset(name.casefold() for name in _words(values["PST_OIDC_DOMAINS"])),
        two_step,
        env.get("PST_OIDC_REQUIRED") == "1",
    )


def _words(text: str | None) -> frozenset[str]:
    return frozenset((text or "").replace(",", " ").split())
