"""Addresses of servers with an account, as people write them into settings.

Standard library only: the installer reads this file too, without our packages.
"""

from urllib.parse import quote, unquote


def quoted(url: str) -> str:
    """Return `url` with user and password percent-encoded, as `urlsplit` needs them.

    A password may hold anything, `#`, `/`, `?` and `@` too; what is encoded already
    stays as it is.
    """
    scheme, slashes, rest = url.partition("://")
    account, at, place = rest.rpartition("@")
    user, colon, password = account.partition(":")
    return "".join((scheme, slashes, _once(user), colon, _once(password), at, place))


def _once(text: str) -> str:
    return quote(unquote(text), safe="")
