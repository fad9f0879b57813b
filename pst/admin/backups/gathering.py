"""An archive and the files it names, together: looked at, put back, in one file.

The one file is a plain tar of the archive and what it needs, laid as in the folder of
the backups; making it takes no key.
"""

import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from pst.admin.backups import stored_care, stored_files
from pst.admin.backups.archives import (
    CHUNK,
    FOLDERS,
    BackupFailed,
    Manifest,
    opened,
    private,
    verify,
)
from pst.database.copies import Copies
from pst.uploads.file_store import FileStore, Folder

WHOLE = ".whole.tar"
# What a file on disk is called, and which consultation or article it belongs to.
OWNERS = sa.text("""
SELECT 'attachments/' || substr(s.sha, 1, 2) || '/' || s.sha, s.name, c.number FROM (
  SELECT sha256 AS sha, name, consultation_id FROM attachment
  UNION SELECT preview_sha256, name, consultation_id FROM attachment
) s JOIN consultation c ON c.id = s.consultation_id WHERE s.sha IS NOT NULL
UNION ALL SELECT 'articles/' || token, name, 'article ' || article_id FROM article_file
""")
SHOWN = 20


def prove(file: Path, identity: Path | None) -> tuple[Manifest, list[str]]:
    """Check an archive and every file it names; describe those that are not whole."""
    with (
        unwrapped(file) as archive,
        tempfile.TemporaryDirectory(dir=archive.parent, prefix=".trying-") as scratch,
    ):
        place = Path(scratch) / "data"
        place.mkdir()
        manifest = verify(archive, identity, into=place)
        missing = gather(manifest, archive.parent, identity, place, keep=False)
        with opened(place, manifest) as (copies, database):
            return manifest, describe(copies, database, missing)


def gather(
    manifest: Manifest,
    folder: Path,
    identity: Path | None,
    into: Path,
    *,
    keep: bool = True,
) -> list[str]:
    """Decrypt the stored files of an archive in `folder` to below `into`.

    Return the names of those that are missing or damaged; they are left out.
    """
    missing = []
    for name, reference in manifest.stored.items():
        if not stored_files.is_reference(reference):
            raise BackupFailed(f"{reference} names no stored file.")
        target = into / name
        path = stored_files.find(folder, reference)
        try:
            sha256 = path and stored_files.take_out(path, identity, target)
        except BackupFailed:
            if path and stored_files.is_whole(path):
                raise  # the key is not the right one
            sha256 = None
        if sha256 != reference.rpartition("/")[2]:
            missing.append(name)
        if not keep or missing[-1:] == [name]:
            target.unlink(missing_ok=True)
    return missing


def fill(store: FileStore, fresh: Path) -> None:
    """Add what lies below `fresh` to a store that is not in the folder of the data.

    What is there stays, until the sweep finds that no row names it.
    """
    folder_of_files = Folder(fresh)
    for folder in FOLDERS:
        for file in folder_of_files.every(folder):
            with folder_of_files.as_path(file.name) as path:
                store.put(file.name, path.read_bytes())


def describe(copies: Copies, database: str, names: list[str]) -> list[str]:
    """Describe which attachments `names` are: the file's name, and whose it is."""
    with copies.connected(database) as connection:
        owners = {
            name: f"{title} ({owner})"
            for name, title, owner in connection.execute(OWNERS)
        }
    return [f"{owners.get(name, 'no longer used')}: {name}" for name in names]


def refuse_gone(descriptions: list[str]) -> None:
    """Raise `BackupFailed`, naming what is missing, when something is."""
    if descriptions:
        more = [f"… and {len(descriptions) - SHOWN} more"] * (len(descriptions) > SHOWN)
        raise BackupFailed(
            "\n  ".join(
                [
                    f"{len(descriptions)} attachments are missing or damaged:",
                    *descriptions[:SHOWN],
                    *more,
                ]
            )
        )


def export(archive: Path, target: Path) -> None:
    """Put `archive` and all it needs in one file that holds everything."""
    needs = stored_care.needs_of(archive)
    paths = {name: stored_files.find(archive.parent, name) for name in sorted(needs)}
    if missing := [name for name, path in paths.items() if path is None]:
        raise BackupFailed(
            f"{len(missing)} attachments that it names are missing,"
            f" the first is {missing[0]}"
        )
    with (
        private(target) as raw,
        tarfile.open(fileobj=raw, mode="w|", bufsize=CHUNK) as tar,
    ):
        tar.add(archive, archive.name)
        for reference, path in paths.items():
            if path:
                tag = reference.partition("/")[0]
                name = f"{stored_files.FOLDER}/{tag}/{path.parent.name}/{path.name}"
                tar.add(path, name, filter=_plainly)
        raw.flush()


def _plainly(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mode, member.uname, member.gname = 0o600, "", ""
    member.uid = member.gid = 0
    return member


@contextmanager
def unwrapped(file: Path, scratch_in: Path | None = None) -> Iterator[Path]:
    """Give the archive: `file` itself, or the one that lies in it, unpacked."""
    if not file.name.endswith(".tar"):
        yield file
        return
    place = scratch_in or file.parent
    with tempfile.TemporaryDirectory(dir=place, prefix=".opening-") as scratch:
        try:
            with tarfile.open(file) as tar:
                tar.extractall(scratch, filter="data")
        except (OSError, tarfile.TarError) as error:
            raise BackupFailed(f"{file.name} is damaged: {error}") from error
        archives = sorted(Path(scratch).glob("pst-*"))
        if len(archives) != 1:
            raise BackupFailed(f"{file.name} is not one of our backups.")
        yield archives[0]
