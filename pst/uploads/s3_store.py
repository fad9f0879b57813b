"""Files in a store that speaks S3. Only this module knows obstore."""

import io
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from obstore import open_reader
from obstore.exceptions import BaseError
from obstore.store import S3Store as Bucket

from pst.server.file_place import FilePlace
from pst.uploads.formats import StoreAway
from pst.uploads.kept import FileInfo

log = logging.getLogger(__name__)
# A request waits so long for the store, tries included, before it says so.
CONNECT, ANSWER = "3s", "20s"
TRIES: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
# So much of a file that is being read is in memory, and asked for at a time.
PIECE_BYTES = 512 * 1024


@contextmanager
def _answering() -> Iterator[None]:
    """Raise what the library raises as ours; a missing file stays one."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        # Its text may quote the address; the name of its class says enough.
        log.warning("the store of files: %s", type(error).__name__)
        raise StoreAway from error


class S3Store:
    """A bucket, or the part of one below a prefix."""

    def __init__(self, place: FilePlace) -> None:
        self._store = Bucket(
            place.bucket,
            prefix=place.prefix or None,
            endpoint=place.endpoint,
            region=place.region,
            access_key_id=place.key,
            secret_access_key=place.secret,
            virtual_hosted_style_request=False,
            client_options={
                "allow_http": place.endpoint.startswith("http://"),
                "connect_timeout": CONNECT,
                "timeout": ANSWER,
            },
            retry_config=TRIES,
        )

    def put(self, name: str, content: bytes) -> None:
        with _answering():
            self._store.put(name, content)

    def opened(self, name: str) -> io.BufferedReader:
        """Open a file of which only what is read is fetched, piece by piece.

        A store that goes away in between breaks the download off, and it goes on
        where it stopped.
        """
        return io.BufferedReader(_Pieces(self._store, name), PIECE_BYTES)

    @contextmanager
    def as_path(self, name: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as scratch, self.opened(name) as file:
            path = Path(scratch) / Path(name).name
            with path.open("wb") as copy:
                shutil.copyfileobj(file, copy)
            yield path

    def answers(self) -> bool:
        with _answering(), suppress(FileNotFoundError):
            self._store.head("a-name-that-no-file-has")
        return True

    def delete(self, name: str) -> None:
        with _answering():
            self._store.delete(name)

    def every(self, prefix: str) -> Iterator[FileInfo]:
        with _answering():
            for page in self._store.list(prefix):
                for each in page:
                    yield FileInfo(
                        each["path"], each["size"], each["last_modified"].timestamp()
                    )


class _Pieces(io.RawIOBase):
    """A file of a bucket, as Python reads files."""

    def __init__(self, store: Bucket, name: str) -> None:
        self._store, self._name = store, name
        with _answering():
            self._file: Any = open_reader(store, name, buffer_size=PIECE_BYTES)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._file.seek(offset, whence))

    def readinto(self, buffer: Any) -> int:
        at = self._file.tell()
        try:
            piece = self._file.read(min(len(buffer), PIECE_BYTES))
        except (BaseError, OSError):
            self._file = self._whole()
            self._file.seek(at)
            return self._file.readinto(buffer) or 0
        buffer[: len(piece)] = piece
        return len(piece)

    def _whole(self) -> IO[bytes]:
        """Fetch all of it, to disk: some stores, as rclone's, answer no parts."""
        file = tempfile.SpooledTemporaryFile(PIECE_BYTES)  # noqa: SIM115  (returned)
        with _answering():
            for piece in self._store.get(self._name).stream(PIECE_BYTES):
                file.write(piece)
        return file
