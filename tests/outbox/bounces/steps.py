"""Reports of mails that came back, as servers write them."""

from pst.database import transaction
from pst.outbox.incoming.bounces import BounceHandling, take
from pst.outbox.incoming.return_paths import return_path


def back(raw: bytes, recipient: str = "") -> BounceHandling:
    with transaction():
        return take(raw, recipient)


def path(id: int) -> str:
    return return_path(id, "pst@contoh.test")
