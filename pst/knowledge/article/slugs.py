"""The last part of an article's address, made from its title."""

import re
from collections.abc import Collection

from pst.search.language import indonesian

SLUG_LENGTH = 120
ROOM_FOR_NUMBER = 6


def slug_of(text: str) -> str:
    """Return `text` as lower-case ASCII letters, digits and hyphens."""
    plain = indonesian.fold(text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LENGTH].strip("-")
    return slug or "artikel"


def stem_of(slug: str) -> str:
    """Return the start of `slug`, short enough for a number after it."""
    return slug[: SLUG_LENGTH - ROOM_FOR_NUMBER].rstrip("-")


def first_free(slug: str, slugs: Collection[str]) -> str:
    """Return `slug`, with a number after it when it is among `slugs`.

    `slugs` are those that begin with the stem of `slug`.
    """
    if slug not in slugs:
        return slug
    numbered = (f"{stem_of(slug)}-{n}" for n in range(2, len(slugs) + 3))
    return next(candidate for candidate in numbered if candidate not in slugs)
