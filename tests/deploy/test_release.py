"""Versions lie next to each other; a new Python of the system has them built again."""

import shutil
from pathlib import Path

import pytest

from deploy.installer import places, release


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small source tree, and environments that are made in no time."""
    folder = tmp_path / "source"
    folder.mkdir()
    for name in ("pyproject.toml", "serve.py", "requirements.lock"):
        shutil.copy(places.SOURCE / name, folder / name)
    monkeypatch.setattr(places, "VERSIONS", tmp_path / "versions")
    monkeypatch.setattr(release, "make_environment", make_environment)
    monkeypatch.setattr(release, "python_version", lambda: "3.11")
    return folder


def make_environment(target: Path) -> None:
    (target / ".venv").mkdir()
    (target / ".venv/of").write_text(release.python_version())


def test_a_version_is_placed_once(source: Path):
    target = release.place(source)
    (target / "kept").touch()

    assert release.place(source) == target
    assert (target / "kept").exists()


def test_after_the_system_has_another_python_it_is_built_again_from_itself(
    source: Path, monkeypatch: pytest.MonkeyPatch
):
    target = release.place(source)
    monkeypatch.setattr(release, "python_version", lambda: "3.13")

    # As `/opt/pst/current/deploy/install` does, where the source is no more.
    assert release.place(target) == target

    assert (target / "serve.py").exists()
    assert (target / ".venv/of").read_text() == "3.13"


def test_what_broke_off_is_begun_again(source: Path):
    target = release.place(source)
    (target / release.COMPLETE).unlink()
    (target / "half").touch()

    release.place(source)

    assert not (target / "half").exists()
    assert (target / release.COMPLETE).exists()
