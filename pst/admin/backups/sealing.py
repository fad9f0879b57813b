"""Files that only this account reads, and what only the holder of a key opens (age)."""

import os
from pathlib import Path
from typing import IO

import pyrage


class BackupFailed(Exception):
    """A backup that was not made, or does not prove itself; its text says why."""


def identities_in(identity: Path) -> list[pyrage.x25519.Identity]:
    """Read the secret keys in a key file."""
    lines = identity.read_text().split()
    keys = [line for line in lines if line.startswith("AGE-SECRET-KEY-")]
    try:
        return [pyrage.x25519.Identity.from_str(key) for key in keys]
    except pyrage.IdentityError as error:
        raise BackupFailed(f"{identity} is no key file.") from error


def encrypt_file(source: Path, target: Path, recipient: str) -> None:
    """Write `source` to `target` so that only the key of `recipient` opens it."""
    try:
        key = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise BackupFailed("PST_BACKUP_RECIPIENT is no age key.") from error
    private(target).close()
    pyrage.encrypt_file(str(source), str(target), [key])


def private(path: Path) -> IO[bytes]:
    """Open a new file that only this account may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
