"""A backup of an office with a consultation, and an empty machine."""

import hashlib
from pathlib import Path

import pytest
from flask import Flask

from pst.admin.backups import backup
from pst.config import Config
from pst.consultations.models import Consultation


@pytest.fixture
def config(app: Flask, consultation: Consultation) -> Config:
    """Settings of an office with one consultation, one file and one mail owed."""
    config: Config = app.config["PST"]
    content = b"%PDF-1.7"
    name = hashlib.sha256(content).hexdigest()
    path = config.data_dir / "attachments" / name[:2] / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return config


@pytest.fixture
def archive(config: Config) -> Path:
    return backup.create(config)
