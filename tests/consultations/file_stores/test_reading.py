"""Files lie in a folder or in S3: the same answers, also while it is away."""

import os
import shutil
from pathlib import Path

import pytest
from flask import Flask

from pst.server.file_place import FilePlace
from pst.uploads.file_store import FileStore, Folder, files, send
from pst.uploads.file_store import at as store_at
from pst.uploads.s3_store import PIECE_BYTES
from tests.consultations.file_stores.steps import PDF
from tests.pages import Browser
from tests.s3 import S3Server


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "folder":
        return Folder(tmp_path / "files")
    place: FilePlace = request.getfixturevalue("place")
    return store_at(place)


def test_both_keep_list_and_delete_alike(store: FileStore):
    for name in ("attachments/ab/abc", "articles/x"):
        store.put(name, name.encode())
    store.put("attachments/ab/abc", b"attachments/ab/abc")

    (keep_file,) = store.every("attachments")
    assert (keep_file.name, keep_file.size) == ("attachments/ab/abc", 18)
    with store.opened("articles/x") as file, store.as_path("articles/x") as path:
        file.seek(9)
        assert (file.read(), path.read_bytes()) == (b"x", b"articles/x")
    store.delete("articles/x")
    store.delete("articles/x")
    assert not list(store.every("articles"))
    with pytest.raises(FileNotFoundError):
        store.opened("articles/x")


def fetched(server: S3Server) -> list[int]:
    """Return how many bytes of files each request brought."""
    return [each.size for each in server.proxy.asked if each.method == "GET"]


def test_a_file_of_s3_is_never_whole_in_memory(
    place: FilePlace, server: S3Server, tmp_path: Path
):
    store, content = store_at(place), os.urandom(2 * PIECE_BYTES + 1)
    store.put("attachments/ab/abc", content)

    with store.opened("attachments/ab/abc") as file, (tmp_path / "a").open("wb") as out:
        shutil.copyfileobj(file, out)

    assert (tmp_path / "a").read_bytes() == content
    assert fetched(server) == [PIECE_BYTES, PIECE_BYTES, 1]


def test_of_a_download_that_goes_on_only_the_rest_is_fetched(
    on_s3: Flask, server: S3Server
):
    content = os.urandom(3 * PIECE_BYTES)
    rest = {"Range": f"bytes={len(content) - 9}-"}

    with on_s3.test_request_context(headers=rest):
        files().put("attachments/ab/abc", content)
        answer = send("attachments/ab/abc", "application/pdf")
        assert b"".join(answer.iter_encoded()) == content[-9:]

    assert fetched(server) == [9]


def test_a_store_that_answers_no_parts_is_asked_for_the_whole(
    place: FilePlace, server: S3Server
):
    server.proxy.has_parts = False
    store, content = store_at(place), os.urandom(2 * PIECE_BYTES + 1)
    store.put("attachments/ab/abc", content)

    with store.opened("attachments/ab/abc") as file:
        file.seek(9)
        assert file.read() == content[9:]


def test_a_broken_download_goes_on_where_it_stopped(address: str, on_s3: Flask):
    siti = Browser(on_s3).log_in("siti")

    whole = siti.get(address)
    rest = siti.get(address, headers={"Range": "bytes=9-"})

    assert (whole.status_code, whole.data) == (200, PDF)
    assert (rest.status_code, rest.data) == (206, PDF[9:])
    assert rest.headers["Content-Range"] == f"bytes 9-{len(PDF) - 1}/{len(PDF)}"
