"""Which network an address belongs to: what limits count by, and what logs keep of it.

One subscriber has one IPv4 address or an IPv6 /64, and may well have a /48 of those.
"""

import ipaddress

HOUSE_BITS, SITE_BITS = 64, 48
# What a log keeps of an address: enough to see one source, too little for one person.
LOGGED_BITS = {4: 24, 6: SITE_BITS}
UNKNOWN = "unknown"
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def network_of(address: str) -> str:
    """Return the network of one subscriber: an IPv4 address or an IPv6 /64."""
    return _cut(address, {4: 32, 6: HOUSE_BITS})


def networks_of(address: str) -> tuple[str, ...]:
    """Return the networks that `address` counts for, narrowest first."""
    narrow, wide = network_of(address), _cut(address, {4: 32, 6: SITE_BITS})
    return (narrow,) if narrow == wide else (narrow, wide)


def shortened(address: str) -> str:
    """Return what a log may keep of `address`."""
    return _cut(address, LOGGED_BITS)


def of_stranger(address: str) -> str:
    """Return the network that a stranger counts for; empty for this machine."""
    ip = _read(address)
    if ip is None or ip.is_loopback or ip.is_unspecified:
        return ""
    return network_of(address)


def _cut(address: str, bits: dict[int, int]) -> str:
    ip = _read(address)
    if ip is None:
        return UNKNOWN
    most = bits[ip.version]
    if most == ip.max_prefixlen:
        return str(ip)
    return str(ipaddress.ip_network((ip, most), strict=False))


def _read(address: str) -> Address | None:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip
