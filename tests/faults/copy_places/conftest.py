"""Real places for the continuous copy: a folder, an SFTP server, an S3 server."""

import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path

import pyrage
import pytest
import time_machine
from flask import Flask

from pst import create_app
from pst.admin.continuous_copy import litestream
from pst.admin.continuous_copy.sending import Sender
from pst.config import Config
from pst.consultations.attached_files.attachments import Attachment
from pst.consultations.models import Consultation
from pst.database import db, transaction
from pst.uploads import storage
from pst.uploads.file_types import Format
from pst.uploads.storage import StoredFile
from tests.conftest import settings_for
from tests.faults.copy_places.steps import KEYS, TEXT, Server, with_copy
from tests.processes import HOST


@pytest.fixture(autouse=True)
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Litestream write a step ten times as often, and wait a third as long."""
    often = litestream.CONFIG.replace("interval: 2s", "interval: 200ms")
    assert often.count("200ms") == 2
    monkeypatch.setattr(litestream, "CONFIG", often)
    monkeypatch.setattr(litestream, "STEP_S", 1)


@pytest.fixture(params=["file", "sftp", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a place that is there."""
    folder = tmp_path / "place"
    (folder / "salinan").mkdir(parents=True)
    if request.param == "file":
        yield {"PST_COPY_URL": f"file://{folder}/salinan"}
        return
    ssh = tmp_path / "ssh"
    ssh.mkdir()
    if request.param == "sftp":
        for name in ("id_ed25519", "host"):
            make = [
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                str(ssh / name),
            ]
            subprocess.run(make, check=True)
        given = ("--key", str(ssh / "host"), "--user", "pst")
        keys = ("--authorized-keys", str(ssh / "id_ed25519.pub"))
        server = Server("sftp", folder, *given, *keys)
        host = f"[{HOST}]:{server.port}"
        (ssh / "known_hosts").write_text(f"{host} {(ssh / 'host.pub').read_text()}")
        url = f"sftp://pst@{HOST}:{server.port}/salinan"
    else:
        server = Server("s3", folder, "--auth-key", ",".join(KEYS))
        secret = KEYS[1].replace("/", "%2F").replace("+", "%2B")
        url = f"s3+http://{KEYS[0]}:{secret}@{HOST}:{server.port}/salinan/pst"
    try:
        yield {"PST_COPY_URL": url, "PST_COPY_SSH": str(ssh)}
    finally:
        server.close()


@pytest.fixture
def real_time(app: Flask) -> Iterator[None]:
    """Let time go on as it does for Litestream, which knows no other."""
    now = time_machine.escape_hatch.datetime.datetime.now(UTC)
    with time_machine.travel(now, tick=True):
        yield


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    path = tmp_path / "key.txt"
    path.write_text(str(pyrage.x25519.Identity.generate()))
    return path


@pytest.fixture
def config(
    app: Flask,
    consultation: Consultation,
    real_time: None,
    place: dict[str, str],
    identity: Path,
) -> Config:
    config = with_copy(app.config["PST"], place, identity)
    app.config["PST"] = config
    sha256 = storage.keep(TEXT)
    file = StoredFile("dagang.pdf", Format.PDF, len(TEXT), sha256, None)
    with transaction():
        Attachment.keep(
            file,
            consultation_id=consultation.id,
            uploader=consultation.user,
            key=sha256,
        )
    return config


@pytest.fixture
def sender(config: Config) -> Iterator[Sender]:
    sender = Sender(config)
    yield sender
    sender.litestream.stop()


@pytest.fixture
def elsewhere(
    tmp_path: Path, place: dict[str, str], identity: Path
) -> Iterator[Callable[[], Flask]]:
    apps: list[Flask] = []

    def make() -> Flask:
        settings = settings_for(tmp_path / f"elsewhere{len(apps)}")
        apps.append(create_app(with_copy(settings, place, identity)))
        return apps[-1]

    yield make
    for app in apps:
        with app.app_context():
            db.engine.dispose()
