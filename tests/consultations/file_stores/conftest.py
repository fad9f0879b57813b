"""A folder and a real server of S3, each a store of files."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from pst.accounts.users import User
from pst.consultations.models import Consultation
from pst.consultations.states import Category
from pst.server.file_place import FilePlace
from tests.consultations.file_stores.steps import keep_file
from tests.s3 import S3Server


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
