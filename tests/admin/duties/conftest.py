"""An office whose backups are copied to a second place."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from pst.config import Config
from pst.consultations.models import Consultation


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """Where the second disk is mounted."""
    folder = tmp_path / "second"
    folder.mkdir()
    return folder


@pytest.fixture
def config(app: Flask, consultation: Consultation, second: Path) -> Config:
    config: Config = replace(app.config["PST"], backup_copy_dir=second)
    app.config["PST"] = config
    return config
