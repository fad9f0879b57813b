"""An office with two attachments, and a machine elsewhere."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from flask import Flask

from pst import create_app
from pst.config import Config
from pst.consultations.models import Consultation
from pst.database import db
from tests.admin.stored_files.steps import TEXTS, attach
from tests.conftest import settings_for
from tests.postgresql import TEMPLATE, mark


@pytest.fixture
def config(app: Flask, consultation: Consultation, tmp_path: Path) -> Config:
    """An office with two attachments, whose backups are encrypted."""
    key = pyrage.x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(str(key))
    config = replace(app.config["PST"], backup_recipient=str(key.to_public()))
    app.config["PST"] = config
    for text in TEXTS:
        attach(consultation, text)
    return config


@pytest.fixture
def elsewhere(tmp_path: Path, config: Config) -> Iterator[Flask]:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    mark(folder, f"postgresql:///{TEMPLATE}")
    app = create_app(settings_for(folder))
    yield app
    with app.app_context():
        db.engine.dispose()
