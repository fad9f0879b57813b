"""The key that opens backups: made once; its public half encrypts, the other leaves."""

import os
from pathlib import Path

from deploy.installer import places
from deploy.installer.machine import log, run

NAME = "PST_BACKUP_RECIPIENT"
MAKE = """\
import pyrage
key = pyrage.x25519.Identity.generate()
print(key, key.to_public())
"""
HEAD = """\
# The key that opens the backups of PST. Keep it outside of this server, in two places
# (a safe, another machine), then delete it here: who has it reads every backup, and
# without it no backup can be opened.
"""


def settle(release: Path, env: dict[str, str]) -> dict[str, str]:
    """Return `env` with a public key for backups, made now when there is none.

    An empty setting says that they are to stay in clear.
    """
    if NAME in env:
        return env
    secret, public = run(release / ".venv/bin/python", "-c", MAKE).split()
    keep(secret, public)
    log.changed(f"a key for backups; what opens them is {places.BACKUP_KEY}")
    return {**env, NAME: public}


def keep(secret: str, public: str) -> None:
    """Write the key for root alone; never over another."""
    places.BACKUP_KEY.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if places.BACKUP_KEY.exists():
        places.BACKUP_KEY.rename(places.BACKUP_KEY.with_suffix(".old"))
    way = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(places.BACKUP_KEY, way, 0o600), "w") as file:
        file.write(f"{HEAD}# public key: {public}\n{secret}\n")
        file.flush()
        os.fsync(file.fileno())


def what_next() -> list[str]:
    """Return where the key belongs, as long as it lies here."""
    if not places.BACKUP_KEY.exists():
        return []
    return [
        f"Backups are encrypted. Copy {places.BACKUP_KEY} to two places outside of this"
        " server (a safe, another machine), then delete it here: without it NO BACKUP"
        " CAN BE OPENED."
    ]


def identity_for(archive: Path, identity: Path | None) -> Path | None:
    """Return the key to open `archive` with: the given one, or the one that is here."""
    if identity or archive.suffix != ".age" or not places.BACKUP_KEY.exists():
        return identity
    return places.BACKUP_KEY
