"""Files lie in a folder or in S3: the same answers, also while it is away."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from pst import config, create_app
from pst.accounts.users import User
from pst.admin.backups import backup, restoring
from pst.admin.backups.archives import BackupFailed
from pst.admin.health.file_look import file_store
from pst.consultations.attached_files.attachments import Attachment, sweep_files
from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.database import db
from pst.lamps import Level
from pst.personal_data import erasure
from pst.server.config_values import BadSetting
from pst.server.file_place import FilePlace, place_at
from pst.uploads import storage
from pst.uploads.file_store import FileStore, Folder, files, send
from pst.uploads.file_store import at as store_at
from pst.uploads.formats import StoreAway
from pst.uploads.s3_store import PIECE_BYTES
from tests.conftest import settings_for
from tests.kept_files import attached
from tests.pages import Browser
from tests.postgresql import TEMPLATE, mark
from tests.s3 import S3Server

PDF = b"%PDF-1.7 isi berkas"


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    made = S3Server()
    yield made
    made.close()


@pytest.fixture
def place(server: S3Server, tmp_path: Path) -> FilePlace:
    server.reopen()  # a test may have ended it
    server.proxy.asked.clear()
    server.proxy.has_parts = True
    return server.place(tmp_path.name)


@pytest.fixture
def on_s3(app: Flask, place: FilePlace) -> Flask:
    """The application with its files in S3."""
    app.config["PST"] = replace(app.config["PST"], files=place)
    return app


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


def keep_file(consultation: Consultation, content: bytes = PDF) -> Attachment:
    file = storage.store(BytesIO(content), "a.pdf", 1_000_000, {"pdf"})
    attachment = Attachment.keep(
        file,
        consultation_id=consultation.id,
        uploader=consultation.user,
        key=file.sha256,
    )
    consultation.say(consultation.user, "Ini berkasnya.", attachments=[attachment])
    db.session.commit()
    return attachment


@pytest.fixture
def address(on_s3: Flask, at: object) -> str:
    """The address of a file of Siti's; no context stays open for the browser."""
    with on_s3.app_context():
        siti = User.with_email("siti@contoh.test")
        assert siti is not None
        consultation = Consultation.ask(
            siti, Category.DATA, "Penduduk", "Jumlah penduduk."
        )
        return (
            f"/konsultasi/{consultation.number}/lampiran/{keep_file(consultation).id}"
        )


def test_a_broken_download_goes_on_where_it_stopped(address: str, on_s3: Flask):
    siti = Browser(on_s3).log_in("siti")

    whole = siti.get(address)
    rest = siti.get(address, headers={"Range": "bytes=9-"})

    assert (whole.status_code, whole.data) == (200, PDF)
    assert (rest.status_code, rest.data) == (206, PDF[9:])
    assert rest.headers["Content-Range"] == f"bytes 9-{len(PDF) - 1}/{len(PDF)}"


def test_a_store_that_is_away_loses_nothing_typed(
    address: str, on_s3: Flask, server: S3Server
):
    siti = Browser(on_s3).log_in("siti")
    path = address.partition("/lampiran")[0]
    server.stop()

    page = siti.get(path)
    assert page.status_code == 200
    refused = siti.post(
        f"{path}/pesan",
        {
            "body": "Kata-kata yang panjang",
            "files": (BytesIO(PDF), "b.pdf"),
            "key": "k" * 20,
        },
    )
    upload = siti.post(f"{path}/lampiran", {"files": (BytesIO(PDF), "b.pdf")})
    download = siti.get(address)

    assert "Kata-kata yang panjang" in refused.text
    assert "Penyimpanan berkas sedang tidak menjawab" in refused.text
    assert upload.status_code == 503 and "Retry-After" in upload.headers
    assert download.status_code == 503
    assert "Penyimpanan berkas sedang tidak menjawab" in download.text
    with on_s3.app_context():
        assert file_store()[0] is Level.BAD
        with pytest.raises(BackupFailed, match="store of files"):
            backup.create(on_s3.config["PST"])
    server.reopen()
    assert siti.get(address).data == PDF
    with on_s3.app_context():
        assert file_store()[0] is Level.GOOD


def test_what_was_erased_while_it_was_away_goes_with_the_next_sweep(
    on_s3: Flask, consultation: Consultation, server: S3Server, at
):
    keep_file(consultation)
    names = erasure.take_files(consultation)
    db.session.commit()
    server.stop()

    erasure.remove(names)

    server.reopen()
    assert attached() == {PDF}
    at("2099-03-02 09:00+07:00")
    sweep_files()
    assert attached() == set()


def test_a_backup_of_one_store_comes_back_into_another(
    on_s3: Flask, consultation: Consultation, server: S3Server, tmp_path: Path
):
    keep_file(consultation)
    archive = backup.create(on_s3.config["PST"])
    db.session.remove()
    for name in ("", "other"):
        there = server.place(f"{tmp_path.name}-there") if name else None
        folder = tmp_path / f"elsewhere{name}"
        folder.mkdir()
        mark(folder, f"postgresql:///{TEMPLATE}")
        made = settings_for(folder, files=there)
        elsewhere = create_app(made)
        with elsewhere.app_context():
            restoring.restore(made, archive)
            assert attached() == {PDF}
            db.engine.dispose()


def test_files_move_to_another_store_and_back(
    on_s3: Flask, consultation: Consultation, tmp_path: Path, place: FilePlace
):
    keep_file(consultation)
    folder = tmp_path / "moved"
    folder.mkdir()
    to_folder = on_s3.test_cli_runner().invoke(
        args=["data", "move-files", "--to", f"file://{folder}"]
    )
    files().delete(next(files().every("attachments")).name)
    on_s3.config["PST"] = replace(on_s3.config["PST"], files=FilePlace(folder))
    back = on_s3.test_cli_runner().invoke(
        args=["data", "move-files", "--to", server_url(place)]
    )

    for done in (to_folder, back):
        assert "1 files are there" in done.output, done.output
    on_s3.config["PST"] = replace(on_s3.config["PST"], files=place)
    assert attached() == {PDF}


def server_url(place: FilePlace) -> str:
    host = place.endpoint.removeprefix("http://")
    secret = place.secret.replace("/", "%2F").replace("+", "%2B")
    return f"s3+http://{place.key}:{secret}@{host}/{place.bucket}/{place.prefix}"


def test_a_wrong_key_is_said_as_a_store_that_does_not_answer(place: FilePlace):
    with pytest.raises(StoreAway):
        store_at(replace(place, secret="lain")).put("attachments/ab/abc", b"x")


@pytest.mark.parametrize(
    "url", ["ftp://x/y", "s3://host/bucket", "s3://K:S@host", "file:///no/such/folder"]
)
def test_an_address_that_names_no_store_is_refused(url: str, tmp_path: Path):
    with pytest.raises(BadSetting, match="PST_FILES_URL"):
        config.load({"PST_DATA_DIR": str(tmp_path), "PST_FILES_URL": url})


def test_no_key_of_a_store_is_shown():
    place = place_at("s3://KUNCI:RAHASIA@host/ember/kantor?region=ap-southeast-3")

    assert (place.bucket, place.prefix) == ("ember", "kantor")
    assert (place.endpoint, place.region) == ("https://host", "ap-southeast-3")
    assert "KUNCI" not in repr(place) and "RAHASIA" not in repr(place)
