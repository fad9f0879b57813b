"""Which version is released, from which commit, under which tag."""

import re
import subprocess
import tomllib
from pathlib import Path

HEADING = re.compile(r"(?m)^## (\d+\.\d+\.\d+) – (.+)$")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Refused(Exception):
    """A reason not to release; its text says what to do."""


def git(root: Path, *words: str) -> str:
    """Run git in `root`; return what it says, or raise `Refused` with it."""
    result = subprocess.run(
        ["git", "-C", str(root), *words], capture_output=True, text=True
    )
    if result.returncode:
        raise Refused(f"git {' '.join(words)}: {result.stderr.strip()}")
    return result.stdout.strip()


def of(root: Path) -> str:
    """Return the version of `pyproject.toml`, if the changelog tells of it."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    newest = HEADING.search((root / "CHANGELOG.md").read_text())
    if not newest or newest[1] != project["version"]:
        raise Refused(
            f"pyproject.toml has {project['version']}, and CHANGELOG.md begins with"
            f" {newest[1] if newest else 'no version'}."
        )
    if not DAY.fullmatch(newest[2]):
        raise Refused(
            f"CHANGELOG.md has no day for {newest[1]}: ## {newest[1]} – 2026-11-30"
        )
    return newest[1]


def refuse_unclean(root: Path) -> None:
    """Raise `Refused` when files differ from the commit that is released."""
    if changes := git(root, "status", "--porcelain"):
        raise Refused(f"commit or remove first:\n{changes}")


def refuse_other_tag(root: Path, tag: str) -> None:
    """Raise `Refused` when this version was released from another commit."""
    if not git(root, "tag", "--list", tag):
        return
    if git(root, "rev-list", "-1", tag) != git(root, "rev-parse", "HEAD"):
        raise Refused(f"{tag} is another commit already; raise the version.")


def put_tag(root: Path, tag: str) -> None:
    """Name the commit; one that has the name already keeps it."""
    if git(root, "tag", "--list", tag):
        print(f"{tag} is there already.")
        return
    git(root, "tag", "-a", tag, "-m", f"PST {tag}")
    print(f"Tagged {tag}; git push origin {tag} publishes it.")
