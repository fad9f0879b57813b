"""The archive, which git writes the same from the same commit; sums; signature."""

import hashlib
import subprocess
from pathlib import Path

from deploy.release.version import Refused, git

SUMS = "SHA256SUMS"
NAMESPACE = "pst"  # what a signature is for, in the words of ssh-keygen


def write(path: Path, root: Path, top: str, more: dict[str, list[Path]]) -> None:
    """Write the commit's files under the folder `top`, and `more` by their folders."""
    words = ["-c", "tar.umask=0022", "archive", "--format=tar.gz", "-9"]
    for folder, files in more.items():
        words += [f"--prefix={top}/{folder}", *(f"--add-file={file}" for file in files)]
    git(root, *words, f"--prefix={top}/", f"--output={path}", "HEAD")


def sum_up(folder: Path, names: list[str]) -> str:
    """Write the sums of the files, as `sha256sum --check` reads them."""
    lines = ""
    for name in names:
        with (folder / name).open("rb") as file:
            lines += f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {name}\n"
    (folder / SUMS).write_text(lines)
    return lines


def sign(path: Path, key: Path) -> None:
    """Sign a file with an SSH key; the signature lies next to it as `.sig`."""
    path.with_name(f"{path.name}.sig").unlink(missing_ok=True)
    words = ["ssh-keygen", "-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(path)]
    result = subprocess.run(words, capture_output=True, text=True)
    if result.returncode:
        raise Refused(f"ssh-keygen could not sign: {result.stderr.strip()}")
