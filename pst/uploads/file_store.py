"""Where files are kept: in a folder, or in a store that speaks S3, by their names.

A name is of our making: `attachments/ab/HASH`, `articles/TOKEN`. Several web machines
share one store: a folder mounted by all (NFS), or a bucket.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cache
from importlib import import_module
from io import BufferedReader
from pathlib import Path
from typing import Protocol

from flask import Response, abort, current_app, request, send_file

from pst.config import Config
from pst.server.file_place import FilePlace
from pst.uploads.kept import FileInfo


class FileStore(Protocol):
    """What a store does; `StoreAway` is raised when it does not answer."""

    def put(self, name: str, content: bytes) -> None:
        """Keep `content`, whole or not at all; what is there already becomes new."""

    def opened(self, name: str) -> BufferedReader:
        """Open a file, which may be read from anywhere; or `FileNotFoundError`."""

    def as_path(self, name: str) -> AbstractContextManager[Path]:
        """Give a path at which the file can be read; or `FileNotFoundError`."""

    def answers(self) -> bool:
        """Return whether the store can be reached."""

    def delete(self, name: str) -> None:
        """Delete a file, which may be gone already."""

    def every(self, prefix: str) -> Iterator[FileInfo]:
        """Yield the files whose names begin with the folder `prefix`."""


def files() -> FileStore:
    """Return the store of this application."""
    return files_of(current_app.config["PST"])


def files_of(config: Config) -> FileStore:
    """Return the store that the settings name."""
    return at(config.files) if config.files else Folder(config.data_dir)


@cache
def at(place: FilePlace) -> FileStore:
    """Return the store at a place; that of S3 is loaded only when it is asked for."""
    if place.folder:
        return Folder(place.folder)
    store: FileStore = import_module("pst.uploads.s3_store").S3Store(place)
    return store


def send(name: str, media_type: str, **options: object) -> Response:
    """Answer with a file, whole or from where a broken download stopped; or 404."""
    try:
        file = files().opened(name)
    except FileNotFoundError:
        abort(404)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    response = send_file(file, mimetype=media_type, conditional=False, **options)  # type: ignore[arg-type]
    response.content_length = size
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    return response


class Folder:
    """A folder, of this machine or mounted by several."""

    def __init__(self, top: Path) -> None:
        self.top = top

    def put(self, name: str, content: bytes) -> None:
        path = self.top / name
        with suppress(FileNotFoundError):
            os.utime(path)  # so that `sweep_files` finds it new
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, path)
        except BaseException:
            os.unlink(fresh)
            raise

    def opened(self, name: str) -> BufferedReader:
        return (self.top / name).open("rb")

    @contextmanager
    def as_path(self, name: str) -> Iterator[Path]:
        yield self.top / name

    def answers(self) -> bool:
        return self.top.is_dir()

    def delete(self, name: str) -> None:
        (self.top / name).unlink(missing_ok=True)

    def every(self, prefix: str) -> Iterator[FileInfo]:
        for path in sorted((self.top / prefix).rglob("*")):
            with suppress(FileNotFoundError):  # removed since it was listed
                if path.is_file() and not path.name.startswith((".", "tmp")):
                    stat = path.stat()
                    name = str(path.relative_to(self.top))
                    yield FileInfo(name, stat.st_size, stat.st_mtime)
