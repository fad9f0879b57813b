"""The form of a backup: a `tar.gz` that proves itself, encrypted when wanted.

Its manifest holds the hash of every file and the count of every table. Attachments lie
once for all archives next to it (`stored_files.py`); older archives hold them.
"""

import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

import pyrage
import sqlalchemy as sa
from flask import current_app

from pst.admin.backups.sealing import BackupFailed, encrypt_file, identities_in, private
from pst.database.copies import NAMES as DATABASES
from pst.database.copies import (
    POSTGRESQL,
    CannotCopy,
    Copies,
    copies_among,
    copies_of,
)

FOLDERS = ("attachments", "articles")
MANIFEST = "manifest.json"
SECRET, SETTINGS = "secret_key", "settings.env"
COMPRESSION = 5
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Manifest:
    """What an archive says it holds."""

    created_at: str
    version: str
    revision: str
    tables: dict[str, int]
    files: dict[str, str]  # name → SHA-256
    missing: int  # files that a row names and that were missing
    audit_end: str = ""  # ID:HASH of the newest entry of the trail
    # What lies next to the archive: name → reference (`stored_files.py`).
    stored: dict[str, str] = field(default_factory=dict)


def pack(
    archive: Path, manifest: Manifest, texts: dict[str, str], files: dict[str, Path]
) -> None:
    """Write `archive`: the manifest first, then these texts and files."""
    texts = {MANIFEST: json.dumps(asdict(manifest), indent=1), **texts}
    with (
        private(archive) as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=COMPRESSION) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        for name, text in texts.items():
            _add(tar, name, io.BytesIO(text.encode()), len(text.encode()))
        for name, path in files.items():
            with path.open("rb") as file:
                _add(tar, name, file, path.stat().st_size)


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes], size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, file)


def verify(
    archive: Path, identity: Path | None = None, into: Path | None = None
) -> Manifest:
    """Unpack `archive`, into a scratch place or `into`; return what it holds.

    Raises `BackupFailed` unless every hash and every count is right and the database
    is sound.
    """
    # A backup may lie where nothing can be written: on a disk that is only read.
    folder = into.parent if into else archive.parent
    with tempfile.TemporaryDirectory(dir=folder, prefix=".trying-") as scratch:
        place = into or Path(scratch)
        with plain(archive, identity, Path(scratch)) as readable:
            try:
                manifest = unpack(readable, place, only=None if into else {*DATABASES})
            except (OSError, tarfile.TarError, EOFError, ValueError) as error:
                raise BackupFailed(f"{archive.name} is damaged: {error}") from error
        with opened(place, manifest) as (copies, fresh):
            _prove(copies, fresh, manifest)
    return manifest


@contextmanager
def opened(place: Path, manifest: Manifest) -> Iterator[tuple[Copies, str]]:
    """Give the address of the database in an unpacked archive, while it is needed."""
    address = current_app.config["PST"].database_url
    copies = copies_among(manifest.files)
    if copies.NAME not in manifest.files:
        raise BackupFailed("It has no database.")
    if copies is POSTGRESQL and copies_of(address) is not POSTGRESQL:
        raise BackupFailed(
            "It holds a database of PostgreSQL; PST_DATABASE_URL must name a server."
        )
    try:
        fresh = copies.opened(place / copies.NAME, address)
    except CannotCopy as error:
        raise BackupFailed(f"The database in it does not open: {error}") from error
    try:
        yield copies, fresh
    finally:
        copies.drop(fresh)


def _prove(copies: Copies, fresh: str, manifest: Manifest) -> None:
    try:
        with copies.connected(fresh) as connection:
            if fault := copies.faults(connection):
                raise BackupFailed(fault)
            if copies.counts(connection) != manifest.tables:
                raise BackupFailed("Its tables do not hold what the manifest says.")
    except sa.exc.DatabaseError as error:
        raise BackupFailed("The database in it is damaged.") from error


def unpack(archive: Path, into: Path, only: set[str] | None) -> Manifest:
    """Write the files of `archive`, or `only` some, below `into`; check every hash."""
    manifest: Manifest | None = None
    names = set()
    with _read_whole(archive) as tar:
        for member in tar:
            stream = tar.extractfile(member)
            if stream is None:
                raise BackupFailed(f"{member.name} is no file.")
            if manifest is None:
                if member.name != MANIFEST:
                    raise BackupFailed("It has no manifest: not one of our backups.")
                manifest = _read(stream)
                continue
            # Only names the manifest knows, which are ours, become paths.
            if member.name not in manifest.files or not _is_harmless(member.name):
                raise BackupFailed(f"{member.name} is not in its manifest.")
            target = into / member.name if only is None or member.name in only else None
            if _take(stream, target) != manifest.files[member.name]:
                raise BackupFailed(f"{member.name} is damaged.")
            names.add(member.name)
    if manifest is None or names != set(manifest.files):
        raise BackupFailed("Some of its files are missing.")
    return manifest


@contextmanager
def _read_whole(archive: Path) -> Iterator[tarfile.TarFile]:
    """Open an archive to be read through; raise unless it is whole to its last byte."""
    try:
        with gzip.open(archive) as packed:
            with tarfile.open(fileobj=packed, mode="r|") as tar:
                yield tar
            while packed.read(CHUNK):  # its sum stands behind the last file
                pass
    except zlib.error as error:
        raise tarfile.ReadError(str(error)) from error


def manifest_of(archive: Path) -> Manifest:
    """Read the manifest of an unencrypted archive, and nothing else in it."""
    try:
        with tarfile.open(archive, "r|gz") as tar:
            first = tar.next()
            stream = tar.extractfile(first) if first else None
            if first is None or first.name != MANIFEST or stream is None:
                raise BackupFailed("It has no manifest: not one of our backups.")
            return _read(stream)
    except (OSError, tarfile.TarError, EOFError, ValueError) as error:
        raise BackupFailed(f"{archive.name} is damaged: {error}") from error


def _read(stream: IO[bytes]) -> Manifest:
    try:
        manifest = Manifest(**json.load(stream))
    except TypeError as error:
        raise BackupFailed(f"Another version made its manifest: {error}") from error
    for name in manifest.stored:
        if not _is_harmless(name) or "/" not in name:
            raise BackupFailed(f"{name} is no name of an attachment.")
    return manifest


def _is_harmless(name: str) -> bool:
    first, *rest = Path(name).parts
    return ".." not in rest and (
        first in FOLDERS if rest else name in (*DATABASES, SECRET, SETTINGS)
    )


def _take(stream: IO[bytes], target: Path | None) -> str:
    """Read a file to its end, into `target` if there is one; tell its hash."""
    digest = hashlib.sha256()
    if target:
        target.parent.mkdir(parents=True, exist_ok=True)
    with private(target) if target else open(os.devnull, "wb") as file:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


@contextmanager
def plain(archive: Path, identity: Path | None, scratch: Path) -> Iterator[Path]:
    """Give the archive itself, or what it is when decrypted with `identity`."""
    if archive.suffix != ".age":
        yield archive
        return
    if identity is None:
        raise BackupFailed(f"{archive.name} is encrypted: --identity names the key.")
    target = str(scratch / archive.stem)
    try:
        pyrage.decrypt_file(str(archive), target, identities_in(identity))
    except pyrage.DecryptError as error:
        raise BackupFailed(f"{identity} does not open {archive.name}.") from error
    except OSError as error:
        raise BackupFailed(f"{archive.name} is damaged: {error}") from error
    yield scratch / archive.stem


def encrypt(archive: Path, recipient: str) -> Path:
    target = archive.with_name(archive.name + ".age")
    encrypt_file(archive, target, recipient)
    return target


def hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
