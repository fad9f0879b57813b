"""Take personal data out of what users wrote, before it stands in a report."""

from typing import Any

from pst.accounts.users import User
from pst.knowledge.privacy import FindingKind, findings, known_of

MASKS = {
    FindingKind.NAME: "[nama]",
    FindingKind.INSTITUTION: "[instansi]",
    FindingKind.EMAIL: "[email]",
}
ANY_MASK = "[nomor]"
# What a row needs of its author, to be passed to `masked`.
AUTHOR_COLUMNS = (User.name, User.email, User.institution, User.phone)


def masked(text: str, author: Any) -> str:
    """Return `text` on one line without personal data of `author` and others.

    `author` has a name, an e-mail address, an institution and a telephone number.
    """
    plain = text.casefold()
    own = [(kind, it) for kind, it in known_of(author) if it.casefold() in plain]
    for each in reversed(findings(text, own)):
        text = text[: each.start] + MASKS.get(each.kind, ANY_MASK) + text[each.end :]
    return " ".join(text.split())
