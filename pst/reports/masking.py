"""Take personal data out of what users wrote, before it stands in a report."""

from typing import Any

from pst.knowledge.privacy import Kind, findings, known_of

MASKS = {
    Kind.NAME: "[nama]",
    Kind.INSTITUTION: "[instansi]",
    Kind.EMAIL: "[email]",
}
ANY_MASK = "[nomor]"


def masked(text: str, author: Any) -> str:
    """Write `text` on one line without what tells who `author`, or anybody, is.

    `author` has a name, an e-mail address, an institution and a telephone number.
    """
    plain = text.casefold()
    known = [(kind, it) for kind, it in known_of(author) if it.casefold() in plain]
    for each in reversed(findings(text, known)):
        text = text[: each.start] + MASKS.get(each.kind, ANY_MASK) + text[each.end :]
    return " ".join(text.split())
