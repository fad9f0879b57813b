"""The offices on this server: which there are, and a run of the installer for each."""

import os
import subprocess
import sys
from pathlib import Path

from deploy.installer import places
from deploy.installer.office_name import FIRST, VARIABLE

LINK = "current"


def installed() -> list[str]:
    """Name the offices that are in use here, the first one first."""
    links = [path for path in places.OPT.glob(f"{LINK}*") if path.is_symlink()]
    return sorted(path.name.removeprefix(LINK).removeprefix("-") for path in links)


def others() -> list[str]:
    """Name all but the one that this run is about."""
    return [name for name in installed() if name != places.OFFICE]


def called(name: str) -> str:
    """Call an office as `--office` does."""
    return name or FIRST


def command(name: str) -> str:
    """Return how this office is installed or upgraded: `deploy/install --office x`."""
    return (
        f"deploy/{name} --office {places.OFFICE}" if places.OFFICE else f"deploy/{name}"
    )


def settings_of(name: str) -> Path:
    """Return where the settings of an office lie."""
    return places.ETC.with_name(_prefixed("pst", name)) / places.SETTINGS.name


def version_of(name: str) -> Path:
    """Return which version an office uses."""
    return (places.OPT / _prefixed(LINK, name)).resolve()


def run_for(name: str, *words: str | Path, tree: Path = places.SOURCE) -> int:
    """Run the installer that lies in `tree` for an office; give back how it ended."""
    command = [sys.executable, "-B", str(tree / "deploy/run.py"), *map(str, words)]
    return subprocess.run(command, env={**os.environ, VARIABLE: name}).returncode


def _prefixed(text: str, name: str) -> str:
    return f"{text}-{name}" if name else text
