"""A small tree to release, and its wheels."""

import json
import shutil
from pathlib import Path

import pytest

from tests.deploy.making_release.steps import (
    COMMITTER,
    INFO,
    PROGRAMS,
    SBOM,
    SCRIPT,
    commit,
    git,
    pin,
    write_wheel,
)
from tests.processes import ROOT


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """A folder of small wheels: one tells what it carries, two bring a program."""
    folder = tmp_path / "given"
    folder.mkdir()
    more = {"salam.py": "WORD = 'salam'\n", f"{INFO}/sboms/s.json": json.dumps(SBOM)}
    write_wheel(folder, "salam", more)
    for name in PROGRAMS:
        script = {f"{name}_bin-1.0.data/scripts/{name}": SCRIPT}
        write_wheel(folder, f"{name}_bin", script)
    return folder


@pytest.fixture
def tree(tmp_path: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small source tree of ours, committed."""
    for name, value in COMMITTER.items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "tree"
    folder.mkdir()
    for name in ("pyproject.toml", "CHANGELOG.md", "serve.py"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "pst/static/vendor", folder / "pst/static/vendor")
    (folder / "bin").mkdir()
    shutil.copy(ROOT / "bin/run", folder / "bin/run")
    lock = pin(wheels, "salam")
    (folder / "requirements.lock").write_text(lock)
    lock += "".join(pin(wheels, f"{name}-bin") for name in PROGRAMS)
    (folder / "requirements-copy.lock").write_text(lock)
    (folder / "uv.lock").write_text('[[package]]\nname = "salam"\nwheels = [{}]\n')
    git(folder, "init", "-q")
    commit(folder)
    return folder
