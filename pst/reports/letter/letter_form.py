"""The form of the letter: what it takes from the settings, and who signs it."""

from datetime import datetime
from typing import Any

from pst.accounts.users import User
from pst.database import db
from pst.office import settings
from pst.office.letter_logo import LetterLogo
from pst.reports.layout.texts import layout
from pst.web.access import Role
from pst.web.formats.formatting import moment

# What the letter form takes from the settings of the office.
LETTER = (
    "office_name",
    "unit_name",
    "service_name",
    "team_head_title",
    "address",
    "phone",
    "email",
    "website",
    "city",
    "letter_head",
    "letter_logo",
    "letter_nature",
    "letter_attachment",
    "letter_opening",
    "letter_closing",
    "letter_signer",
    "letter_copies",
)


def letter(as_of: str) -> dict[str, Any]:
    """Return what the letter form takes from the settings."""
    office = settings.current()
    values = {key: getattr(office, key) for key in LETTER}
    context = {**values, "as_of": moment(datetime.fromisoformat(as_of))}
    return {
        **values,
        "letter_area": office.letterhead_area,
        "subject": layout()["subject"].format_map(context),
        "basis": [text.format_map(context) for text in layout()["basis"]],
    }


def signers(author: User | None) -> dict[str, str]:
    """Return who signs: the author, and the one head; empty for several or none."""
    heads = User.serving(Role.HEAD)
    head = heads[0] if len(heads) == 1 else None
    return {
        "author": author.name if author else "",
        "author_nip": (author.nip or "") if author else "",
        "head": head.name if head else "",
        "head_nip": (head.nip or "") if head else "",
    }


def letterhead(letter: dict[str, Any]) -> list[str]:
    """Return the lines of the head: the agency, then the district."""
    # Letters that were sent before there was a line of its own have the office.
    area = letter.get("letter_area") or letter["office_name"]
    return [letter["letter_head"].upper(), area.upper()]


def logo_svg(letter: dict[str, Any]) -> str:
    """Return the logo the letter was sent with; empty without one."""
    sha256 = letter.get("letter_logo")
    logo = db.session.get(LetterLogo, sha256) if sha256 else None
    return logo.svg if logo else ""


def spaced(nip: str) -> str:
    """Write a NIP in its parts: day of birth, start, sex, count."""
    parts = nip[:8], nip[8:14], nip[14:15], nip[15:]
    return " ".join(parts) if len(nip) == 18 else nip
