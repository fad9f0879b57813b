"""A release is installed offline, with the wheels of the machine that installs."""

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from deploy.installer import places, release
from deploy.installer.wheels import have_copy_programs
from deploy.release.wheels import entries, locked, pip
from tests.deploy.making_release.steps import (
    PROGRAMS,
    SCRIPT,
    WORDS,
    commit,
    make,
    the_archive,
)


@pytest.fixture
def target(
    tree: Path, wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Return where a release was put from its archive, without the internet."""
    monkeypatch.setattr(places, "VERSIONS", tmp_path / "versions")
    monkeypatch.setattr(places, "WHEELS", tmp_path / "kept/wheels")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")  # who asks, fails
    monkeypatch.setattr(release, "compile_code", lambda target: None)
    make(tree, wheels, tmp_path / "out", *WORDS)
    with release.unpacked(the_archive(tmp_path / "out")) as source:
        return release.place(source)


def test_it_installs_without_the_internet_and_again_from_what_it_kept(
    target: Path, monkeypatch: pytest.MonkeyPatch
):
    assert said(target) == "salam"

    monkeypatch.setattr(release, "python_version", lambda: "another")
    shutil.rmtree(target / ".venv")
    assert said(release.place(target)) == "salam"


def test_the_programs_of_the_continuous_copy_come_with_the_archive(target: Path):
    programs = [target / ".venv/bin" / name for name in PROGRAMS]
    assert not any(path.exists() for path in programs)

    have_copy_programs(target)

    for path in programs:
        assert path.read_text() == SCRIPT


def said(target: Path) -> str:
    python = target / ".venv/bin/python"
    words = [python, "-c", "import salam; print(salam.WORD)"]
    return subprocess.run(
        words, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_missing_wheel_makes_no_release(tree: Path, wheels: Path, tmp_path, capsys):
    with (tree / "requirements-copy.lock").open("a") as lock:
        lock.write("pagi==2.0 \\\n    --hash=sha256:00\n")
    commit(tree)

    assert make(tree, wheels, tmp_path / "out", *WORDS) == 1
    assert "no wheel of pagi 2.0" in capsys.readouterr().err


def test_a_wheel_that_we_built_is_locked_with_its_hash(tree: Path, wheels: Path):
    (tree / "uv.lock").write_text('[[package]]\nname = "salam"\n')
    digest = hashlib.sha256((wheels / "salam-1.0-py3-none-any.whl").read_bytes())
    for name in ("requirements.lock", "requirements-copy.lock"):
        text = (tree / name).read_text().replace(digest.hexdigest(), "00")
        (tree / name).write_text(text)

    locks = locked(tree, wheels)
    assert len(locks) == 2
    assert all(digest.hexdigest() in text for text in locks.values())


def test_a_marker_is_asked_for_the_machine_that_installs_and_not_for_ours():
    lock = (
        "lama==1.3 ; python_full_version < '3.12' \\\n    --hash=sha256:00\n"
        "lama==3.0 ; python_full_version >= '3.12' \\\n    --hash=sha256:01\n"
        "waktu==5.0 ; python_full_version < '3.11.3' \\\n    --hash=sha256:02\n"
        "pypy==1.0 ; implementation_name == 'pypy' \\\n    --hash=sha256:03\n"
        "lengan==1.0 ; platform_machine == 'aarch64' \\\n    --hash=sha256:04\n"
    )

    def wanted(python: str, machine: str) -> list[str]:
        found = [each for each in entries(lock) if each.is_for(python, machine)]
        assert not any(" ; " in each.unmarked for each in found)
        return [f"{each.name} {each.version}" for each in found]

    assert wanted("3.11", "x86_64") == ["lama 1.3", "waktu 5.0"]
    assert wanted("3.12", "x86_64") == ["lama 3.0"]
    assert wanted("3.13", "aarch64") == ["lama 3.0", "lengan 1.0"]


def test_a_wheel_that_we_build_has_the_modes_of_any_umask(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764471600")
    source = tmp_path / "salam-1.0.tar.gz"
    setup = "from setuptools import setup\n"
    setup += "setup(name='salam', version='1.0', py_modules=['salam'])\n"
    with tarfile.open(source, "w:gz") as tar:
        for name, text in (("setup.py", setup), ("salam.py", "WORD = 1\n")):
            member = tarfile.TarInfo(f"salam-1.0/{name}")
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    lock = entries(f"salam==1.0 \\\n    --hash=sha256:{digest}\n")
    how = ["--no-index", "--find-links", tmp_path]
    how += ["--no-build-isolation", "--no-cache-dir"]

    before = os.umask(0o077)
    try:
        pip("wheel", *how, "--wheel-dir", tmp_path / "a", lock=lock)
        os.umask(0o002)
        pip("wheel", *how, "--wheel-dir", tmp_path / "b", lock=lock)
    finally:
        os.umask(before)

    a, b = (next((tmp_path / name).glob("*.whl")).read_bytes() for name in "ab")
    assert a == b
