"""Whether the world believes our sender: SPF, DKIM, DMARC, and a name for our address.

Mailboxes look these up before they take a mail. They stand in the DNS of the sender's
domain, where only its owner can write them; `docs/panduan/admin-surel.md` says how.
"""

import importlib
import ipaddress
import logging
from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import current_app

from pst import lamps
from pst.database import reading, transaction
from pst.lamps import Level
from pst.outbox.message.mail_parts import sender

log = logging.getLogger(__name__)
LAMP = "mail_sender"
PATIENCE_S = 5
# Domains that exist in no public DNS (RFC 2606, RFC 6761, RFC 6762, RFC 9476).
NOWHERE = {
    "alt",
    "example",
    "home",
    "internal",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "test",
}
# Where providers put the key when no name was chosen.
USUAL_SELECTORS = (
    "default",
    "dkim",
    "google",
    "k1",
    "mail",
    "pst",
    "s1",
    "selector1",
    "zoho",
    "brevo",
)
lamps.register(LAMP, by_mail=False)


class NothingAsked(Exception):
    """No server of names answered; its text says why."""


def look_at_sender() -> None:
    """Turn the lamp of our sender: red when no one may send as it."""
    config = current_app.config["PST"]
    if config.mail is None:
        return
    with reading():
        domain = sender().rpartition("@")[2].lower()
    try:
        missing = list(_missing(domain))
    except NothingAsked as error:
        log.warning("the records of the sender cannot be read: %s", error)
        return
    shade = Level.BAD if "nowhere" in missing else Level.WARN
    with transaction():
        lamps.turn(LAMP, shade if missing else Level.GOOD, " ".join([domain, *missing]))


def _missing(domain: str) -> Iterator[str]:
    """Name what is missing: `nowhere`, `spf`, `spf_twice`, `dkim`, `dmarc`, `ptr`."""
    if is_nowhere(domain):
        yield "nowhere"
        return
    policies = [text for text in texts(domain) if text.startswith("v=spf1")]
    if len(policies) != 1:
        yield "spf_twice" if policies else "spf"
    if not any(has_key(domain, name) for name in USUAL_SELECTORS):
        yield "dkim"
    if not any(text.startswith("v=DMARC1") for text in _dmarc(domain)):
        yield "dmarc"
    if not has_name():
        yield "ptr"


def is_nowhere(domain: str) -> bool:
    """Return whether `domain` is none that a mailbox could look up."""
    if "." not in domain or domain.rpartition(".")[2] in NOWHERE:
        return True
    return not (lookup(domain, "MX") or lookup(domain, "A") or texts(domain))


def has_key(domain: str, selector: str) -> bool:
    name = f"{selector}._domainkey.{domain}"
    return any("p=" in text for text in texts(name))


def _dmarc(domain: str) -> Iterator[str]:
    """Return the policy of the domain, or else of the one above (RFC 7489, 6.6.3)."""
    parent = domain.partition(".")[2]
    for name in (domain, parent) if "." in parent else (domain,):
        yield from texts(f"_dmarc.{name}")


def has_name() -> bool:
    """Return whether this machine's address has our name; a relay shows its own."""
    config = current_app.config["PST"]
    if config.mail.host not in ("localhost", "127.0.0.1", "::1"):
        return True
    name = urlsplit(config.base_url).hostname or ""
    try:
        addresses = [ipaddress.ip_address(name)]
    except ValueError:
        addresses = [ipaddress.ip_address(each) for each in lookup(name, "A")]
    names = [
        host.rstrip(".").lower()
        for address in addresses
        for host in lookup(address.reverse_pointer, "PTR")
    ]
    return bool(names)


def texts(name: str) -> list[str]:
    return [text.replace('" "', "").strip('"') for text in lookup(name, "TXT")]


def lookup(name: str, kind: str) -> list[str]:
    """Return the records of `kind`; none when there are none.

    Raises `NothingAsked` when there was no one to tell.
    """
    resolver = importlib.import_module("dns.resolver")  # 3 MB, for once an hour
    try:
        answer = resolver.resolve(name, kind, lifetime=PATIENCE_S, search=False)
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return []
    except importlib.import_module("dns.exception").DNSException as error:
        raise NothingAsked(str(error)) from error
    return [record.to_text() for record in answer]
