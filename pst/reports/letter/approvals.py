"""What an approval adds to a report: who, when, the number, and the seal of it all.

The seal is the hash of what was sent and of its approval, so it is known before the
letter is set and can stand in it, in a QR code. The hash of the finished PDF is kept
next to it: the one says that such a letter was approved, the other that a file is it.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

import segno

from pst.web.formats.formatting import moment

SEAL_LENGTH = 32


@dataclass(frozen=True)
class Approval:
    """The approval of one report, as it stands in its letter."""

    name: str
    nip: str
    title: str
    # In ISO form, so that it can be stored as it is.
    at: str
    number: str

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)

    @property
    def text(self) -> str:
        """When it was, as written."""
        return moment(self.moment)

    @property
    def values(self) -> dict[str, Any]:
        return asdict(self)

    def seal(self, fingerprint: str) -> str:
        """Return the seal of what has this `fingerprint` and this approval."""
        facts = {"fingerprint": fingerprint, "approval": self.values}
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:SEAL_LENGTH]


def qr_code(address: str) -> str:
    """Return a QR code as SVG."""
    file = BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(file, kind="svg", border=0, xmldecl=False)
    return file.getvalue().decode()
