"""How the server reaches the internet: a proxy, and the private hosts it may call."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from pst.server.config_values import BadSetting


@dataclass(frozen=True)
class Proxy:
    """The proxy that every call goes through; from `PST_OUTWARD_PROXY`."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Outward:
    """What an administrator decides about calls that leave this machine."""

    proxy: Proxy | None = None
    # Hosts in the office's own network that may be called all the same.
    private_hosts: frozenset[str] = frozenset()


def outward(proxy: str | None, private_hosts: str | None) -> Outward:
    """Return the settings of `PST_OUTWARD_PROXY` and `PST_OUTWARD_PRIVATE`."""
    names = (private_hosts or "").replace(",", " ").casefold().split()
    if wrong := [name for name in names if "/" in name or "*" in name]:
        raise BadSetting(
            f"PST_OUTWARD_PRIVATE must list names of hosts, not {wrong[0]!r}."
        )
    return Outward(_proxy(proxy), frozenset(names))


def _proxy(url: str | None) -> Proxy | None:
    if not url:
        return None
    parts = urlsplit(url)
    try:
        port = parts.port or 8080
    except ValueError:
        port = 0
    if parts.scheme != "http" or not parts.hostname or not port:
        raise BadSetting(
            "PST_OUTWARD_PROXY must look like http://host:8080 or"
            " http://user:password@host:8080."
        )
    user, password = parts.username, parts.password
    return Proxy(
        parts.hostname,
        port,
        unquote(user) if user else None,
        unquote(password) if password else None,
    )


def base_address(name: str, url: str) -> str:
    """Return the address of a service without a slash at its end."""
    parts = urlsplit(url)
    is_bare = not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_bare:
        raise BadSetting(f"{name} must look like https://host/path, not {url!r}.")
    return url.rstrip("/")
