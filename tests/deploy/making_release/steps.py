"""A release made of a small tree, and the wheels it carries."""

import hashlib
import zipfile
from pathlib import Path

from deploy.release import version
from deploy.release.__main__ import main

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
