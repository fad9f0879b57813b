"""Attachments in the folder of the backups: each stored once, under its hash.

A reference names one: `clear/HASH`, or `KEY/HASH` when it was encrypted for the
recipient whose tag is KEY. The name of an encrypted file also holds the hash of what
lies there, so that it can be looked at without the key. Next to each archive lies the
list of what it needs: an encrypted manifest cannot be asked.
"""

import fcntl
import gzip
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import pyrage

from pst.admin.backups.archives import (
    CHUNK,
    BackupFailed,
    encrypt_file,
    hash_of,
    identities_in,
    private,
)

FOLDER = "files"
CLEAR = "clear"
DAMAGED = ".damaged"
LIST = ".files.gz"
HASH_LENGTH = 64


def tag_of(recipient: str | None) -> str:
    """Return the first part of the references to files for `recipient`."""
    return hashlib.sha256(recipient.encode()).hexdigest()[:16] if recipient else CLEAR


def is_reference(text: str) -> bool:
    """Return whether `text` is a reference and nothing that leads elsewhere."""
    tag, _, sha256 = text.partition("/")
    is_tag = tag == CLEAR or (len(tag) == 16 and _is_hexadecimal(tag))
    return is_tag and len(sha256) == HASH_LENGTH and _is_hexadecimal(sha256)


def _is_hexadecimal(text: str) -> bool:
    return not set(text) - set("0123456789abcdef")


def every(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield each file stored in a folder of backups, with its reference."""
    for part in parts(folder):
        yield from in_part(part)


def parts(folder: Path) -> list[Path]:
    """List the folders, one for each beginning of a hash, that files lie in."""
    return sorted(path for path in (folder / FOLDER).glob("*/??") if path.is_dir())


def in_part(part: Path) -> Iterator[tuple[str, Path]]:
    """Yield the whole files of one of the `parts`, with their references."""
    for path in sorted(part.iterdir()):
        reference = f"{part.parent.name}/{path.name[:HASH_LENGTH]}"
        is_whole = path.name[HASH_LENGTH:] == "" or path.suffix == ".age"
        if is_whole and is_reference(reference):
            yield reference, path


def find(folder: Path, reference: str) -> Path | None:
    """Return where the file of `reference` lies; None when it does not."""
    tag, _, sha256 = reference.partition("/")
    part = folder / FOLDER / tag / sha256[:2]
    if (part / sha256).exists():
        return part / sha256
    return next(iter(sorted(part.glob(f"{sha256}.*.age"))), None)


def put(folder: Path, source: Path, sha256: str, recipient: str | None) -> None:
    """Store `source`, whose hash is `sha256`, whole and on disk, or not at all."""
    part = folder / FOLDER / tag_of(recipient) / sha256[:2]
    part.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _fresh(part) as fresh:
        if recipient:
            encrypt_file(source, fresh, recipient)
            target = part / f"{sha256}.{hash_of(fresh)}.age"
        else:
            shutil.copyfile(source, fresh)
            target = part / sha256
            if hash_of(fresh) != sha256:
                raise BackupFailed(f"{source} changed while it was read.")
        _settle(fresh, target)


def bring(reference: str, source: Path, folder: Path) -> None:
    """Copy a stored file to another folder of backups; look whether it arrived whole.

    Raise `BackupFailed` when it did not.
    """
    target = folder / FOLDER / reference[:-HASH_LENGTH] / source.parent.name
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _fresh(target) as fresh:
        shutil.copyfile(source, fresh)
        if not is_whole(fresh, source.name):
            raise BackupFailed(f"{source} did not arrive whole.")
        _settle(fresh, target / source.name)


def is_whole(path: Path, name: str = "") -> bool:
    """Return whether a stored file still is what its name says."""
    sha256 = (name or path.name).removesuffix(".age").split(".")[-1]
    return hash_of(path) == sha256


@contextmanager
def _fresh(part: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(dir=part, prefix=".new-")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        with suppress(OSError):
            os.unlink(name)


def _settle(fresh: Path, target: Path) -> None:
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(fresh, target)


def take_out(path: Path, identity: Path | None, target: Path) -> str:
    """Write a stored file decrypted to `target`; return its hash."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with path.open("rb") as source, private(target) as file:
        _decrypt_or_copy(path, source, file, identity)
    return hash_of(target)


def _decrypt_or_copy(
    path: Path, source: IO[bytes], target: IO[bytes], identity: Path | None
) -> None:
    if path.suffix != ".age":
        shutil.copyfileobj(source, target, CHUNK)
        return
    if identity is None:
        raise BackupFailed(f"{path.name} is encrypted: --identity names the key.")
    try:
        pyrage.decrypt_io(source, target, identities_in(identity))
    except pyrage.DecryptError as error:
        raise BackupFailed(f"{identity} does not open {path.name}.") from error
    except OSError as error:
        raise BackupFailed(f"{path.name}: {error}") from error


# The list next to an archive


def path_of_list(archive: Path) -> Path:
    """Return where the list of the files that `archive` needs lies."""
    return archive.with_name(archive.name + LIST)


def write_list(archive: Path, references: Iterable[str]) -> None:
    """Put the list next to `archive`, whole or not at all."""
    target = path_of_list(archive)
    fresh = target.with_name(f".{target.name}")
    text = "".join(f"{reference}\n" for reference in sorted(set(references)))
    with private(fresh) as file:
        file.write(gzip.compress(text.encode(), mtime=0))
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, target)


def read_list(archive: Path) -> set[str]:
    """Return what `archive` needs; raise `BackupFailed` without a list to be read."""
    path = path_of_list(archive)
    try:
        references = gzip.decompress(path.read_bytes()).decode().split()
    except FileNotFoundError as error:
        raise BackupFailed(f"{path.name} is missing.") from error
    except (OSError, EOFError, ValueError) as error:
        raise BackupFailed(f"{path.name} cannot be read: {error}") from error
    if not all(map(is_reference, references)):
        raise BackupFailed(f"{path.name} is no list of files.")
    return set(references)


@contextmanager
def hold(
    folder: Path, *, alone: bool = False, name: str = ".files.lock"
) -> Iterator[bool]:
    """Keep stored files from being dropped; `alone`: return whether no one does so.

    Backups and copies wait for who drops, who drops does not wait for them.
    """
    lock = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _is_locked(lock, alone)
    finally:
        os.close(lock)


def _is_locked(lock: int, alone: bool) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB if alone else fcntl.LOCK_SH)
    except BlockingIOError:
        return False
    return True
