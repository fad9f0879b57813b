"""Everything that is installed, for every Python and machine that is promised."""

import hashlib
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name

from deploy.release.version import Refused

LOCK = "requirements.lock"
COPY_LOCK = "requirements-copy.lock"  # all of that, and what the continuous copy needs
PYTHONS = ("3.11", "3.12", "3.13")
MACHINES = ("x86_64", "aarch64")
# The systems of C libraries that Debian 12 and Ubuntu 24.04 both have.
SYSTEMS = ("manylinux_2_34", "manylinux_2_28", "manylinux_2_17", "manylinux2014")
# What a marker asks of the machine, on every one that is promised.
LINUX = {
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "os_name": "posix",
    "platform_system": "Linux",
    "sys_platform": "linux",
}
PINNED = re.compile(r"([\w.-]+)==([^\s;\\]+)(?: ; ([^\\]+?))?\s*(?:\\|$)")


def fetch(root: Path, folder: Path) -> None:
    """Put into `folder` what the locks name; build what its makers do not."""
    lock = (root / COPY_LOCK).read_text()
    bare = without_wheels(root)
    ready = [entry for entry in entries(lock) if entry.name not in bare]
    built = [entry for entry in entries(lock) if entry.name in bare]
    for python in PYTHONS:
        for machine in MACHINES:
            print(f"Wheels for Python {python} on {machine} …", flush=True)
            ours = [entry for entry in ready if entry.is_for(python, machine)]
            pip(
                "download",
                *target(python, machine),
                "--dest",
                folder,
                lock=ours,
            )
    if built:
        print(f"Building {', '.join(entry.name for entry in built)} …", flush=True)
        how = ("--no-build-isolation", "--no-cache-dir", "--wheel-dir", folder)
        pip("wheel", *how, lock=built)


@dataclass(frozen=True)
class Entry:
    """One package of a lock file: a version, where it is wanted, its hashes."""

    name: str
    version: str
    marker: str
    text: str

    @property
    def unmarked(self) -> str:
        """Return its lines for a download, which is for another machine than this."""
        return (
            self.text.replace(f" ; {self.marker}", "", 1) if self.marker else self.text
        )

    def is_for(self, python: str, machine: str) -> bool:
        """Return whether any CPython of this version on Linux wants it."""
        if not self.marker:
            return True
        return any(
            Marker(self.marker).evaluate(
                {
                    **LINUX,
                    "python_version": python,
                    "platform_machine": machine,
                    "python_full_version": full,
                    "implementation_version": full,
                }
            )
            for full in (f"{python}.0", f"{python}.99")
        )


def entries(lock: str) -> list[Entry]:
    """Split a lock file into its packages; one may have several versions."""
    texts = re.split(r"(?m)^(?=[A-Za-z0-9])", lock)
    pins = [(PINNED.match(text), text) for text in texts]
    return [Entry(pin[1], pin[2], pin[3] or "", text) for pin, text in pins if pin]


def without_wheels(root: Path) -> set[str]:
    """Name the packages that come as source only, as `uv.lock` knows."""
    packages = tomllib.loads((root / "uv.lock").read_text())["package"]
    return {each["name"] for each in packages if not each.get("wheels")}


def target(python: str, machine: str) -> list[str]:
    abi = f"cp{python.replace('.', '')}"
    words = ["--only-binary", ":all:", "--python-version", python]
    words += ["--implementation", "cp", "--abi", abi, "--abi", "abi3", "--abi", "none"]
    for system in SYSTEMS:
        words += ["--platform", f"{system}_{machine}"]
    return words


def pip(*words: str | Path, lock: list[Entry]) -> None:
    """Run pip for what `lock` names, and nothing that has another hash."""
    result = subprocess.run(
        [sys.executable, "-m", "pip", *map(str, words), "-q", "--no-deps", "--no-input"]
        + ["--disable-pip-version-check", "--require-hashes", "-r", "/dev/stdin"],
        input="".join(entry.unmarked for entry in lock),
        env={**os.environ, "PIP_CONSTRAINT": os.devnull},
        capture_output=True,
        text=True,
        umask=0o022,  # the modes of files stand in a wheel that is built here
    )
    if result.returncode:
        raise Refused(f"pip {words[0]} failed:\n{result.stderr.strip()[-2000:]}")


def key_of(wheel: Path) -> tuple[str, str]:
    """Return the name and the version that a wheel's file name begins with."""
    name, version = wheel.name.split("-")[:2]
    return canonicalize_name(name), version


def locked(root: Path, folder: Path) -> dict[str, str]:
    """Return the locks for installing from `folder`: with the hash of what we built.

    Raise `Refused` when a wheel is missing, or is another than the lock names.
    """
    lock = entries((root / COPY_LOCK).read_text())
    built = compared(lock, folder, without_wheels(root))
    hashes = {}
    for name in (LOCK, COPY_LOCK):
        texts = []
        for entry in entries((root / name).read_text()):
            more = built.get((entry.name, entry.version))
            own = f" \\\n    --hash=sha256:{more}\n"
            texts.append(f"{entry.text.rstrip()}{own}" if more else entry.text)
        hashes[name] = "".join(texts)
    return hashes


def compared(
    lock: list[Entry], folder: Path, bare: set[str]
) -> dict[tuple[str, str], str]:
    """See that `folder` holds what is wanted; return the hashes of what we built."""
    texts = {(entry.name, entry.version): entry.text for entry in lock}
    built, keys = {}, set()
    for path in sorted(folder.glob("*.whl")):
        key, digest = key_of(path), hashlib.sha256(path.read_bytes()).hexdigest()
        keys.add(key)
        if digest in texts.get(key, ""):
            continue
        if key not in texts or key[0] not in bare:
            raise Refused(f"{path.name} is not what {COPY_LOCK} names.")
        built[key] = digest
    for entry in lock:
        is_needed = any(entry.is_for(python, m) for python in PYTHONS for m in MACHINES)
        if is_needed and (entry.name, entry.version) not in keys:
            raise Refused(f"no wheel of {entry.name} {entry.version} in {folder}.")
    return built
