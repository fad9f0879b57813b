"""A release: refused unless all is in order, and the same twice."""

import json
import os
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy.release import version
from tests.deploy.making_release.steps import WORDS, commit, git, make, the_archive


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
