"""Domains that people mistype, and the one they may have meant: a hint, never more."""

from difflib import get_close_matches

COMMON = (
    "gmail.com",
    "yahoo.com",
    "yahoo.co.id",
    "outlook.com",
    "outlook.co.id",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "ymail.com",
    "rocketmail.com",
    "proton.me",
)
# Real ones that look like a common one.
ALSO_REAL = frozenset({"mail.com", "email.com", "gmx.com", "me.com", "line.com"})
# How alike two domains are: one letter swapped, left out or doubled, seldom more.
SIMILARITY = 0.8


def likely_meant(email: str) -> str | None:
    """Return the address that `email` may be a slip for, or None."""
    local, _, domain = email.strip().rpartition("@")
    domain = domain.casefold()
    if not local or domain in COMMON or domain in ALSO_REAL:
        return None
    close = get_close_matches(domain[:60], COMMON, n=1, cutoff=SIMILARITY)
    return f"{local}@{close[0]}" if close else None
