"""A store that is away, restored into another, or moved."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from pst import config, create_app
from pst.admin.backups import backup, restoring
from pst.admin.backups.archives import BackupFailed
from pst.admin.health.file_look import file_store
from pst.consultations.attached_files.attachments import sweep_files
from pst.consultations.models import Consultation
from pst.database import db
from pst.lamps import Level
from pst.personal_data import erasure
from pst.server.config_values import BadSetting
from pst.server.file_place import FilePlace, place_at
from pst.uploads.file_store import at as store_at
from pst.uploads.file_store import files
from pst.uploads.formats import StoreAway
from tests.conftest import settings_for
from tests.consultations.file_stores.steps import PDF, keep_file
from tests.kept_files import attached
from tests.pages import Browser
from tests.postgresql import TEMPLATE, mark
from tests.s3 import S3Server


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
