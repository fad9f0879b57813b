"""The archive itself, byte for byte the same from the same commit; sums; signature."""

import gzip
import hashlib
import io
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

from deploy.release.version import Refused

SUMS = "SHA256SUMS"
NAMESPACE = "pst"  # what a signature is for, in the words of ssh-keygen


def write(
    path: Path, root: Path, top: str, more: dict[str, bytes | Path], epoch: int
) -> None:
    """Write the commit's files and `more` under the folder `top`, sorted."""
    members = {name: (mode, content) for name, mode, content in committed(root)}
    members |= {name: (0o644, content) for name, content in more.items()}
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=epoch) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, (mode, content) in sorted(members.items()):
            data = content.read_bytes() if isinstance(content, Path) else content
            member = tarfile.TarInfo(f"{top}/{name}")
            member.size, member.mode, member.mtime = len(data), mode, epoch
            tar.addfile(member, io.BytesIO(data))


def committed(root: Path) -> Iterator[tuple[str, int, bytes]]:
    """Yield name, mode and content of each file of the commit, as git has them."""
    result = subprocess.run(
        ["git", "-C", str(root), "archive", "--format=tar", "HEAD"],
        capture_output=True,
        check=True,
    )
    with tarfile.open(fileobj=io.BytesIO(result.stdout)) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isfile() else None
            if file is not None:
                yield member.name, 0o755 if member.mode & 0o100 else 0o644, file.read()


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
