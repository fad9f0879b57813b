"""E-mail addresses as mail servers take them: in ASCII, the domain in punycode."""

from email.headerregistry import Address

import idna


class UnwritableAddress(ValueError):
    """An address that no mail can be sent to."""


def ascii_address(address: str) -> str:
    """Return `address` with its domain in punycode; raise `UnwritableAddress`.

    Letters outside ASCII before the @ would need SMTPUTF8, which few servers offer.
    """
    local, at, domain = address.rpartition("@")
    if not (local and at and domain and local.isascii() and address.isprintable()):
        raise UnwritableAddress(address)
    try:
        if not domain.isascii():
            domain = idna.encode(domain, uts46=True).decode()
        return Address(username=local, domain=domain).addr_spec
    except (idna.IDNAError, UnicodeError, ValueError, IndexError) as error:
        raise UnwritableAddress(address) from error
