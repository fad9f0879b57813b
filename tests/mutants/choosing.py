"""What to look at: files of the core, their mistakes, a sample, the tests near them."""

import hashlib
import re
import subprocess
from functools import partial
from pathlib import Path

from tests.mutants.mistakes import Mistake, mistakes_in
from tests.processes import ROOT

EQUIVALENT = Path(__file__).with_name("equivalent.txt")
CORE = (
    *("consultations", "office", "outbox", "feedback", "reports/figures"),
    *("knowledge/models.py", "knowledge/privacy.py", "accounts", "personal_data"),
    "admin/backups",
)
# What pages show and what people type is for the journeys and the browser.
PAGES = {"views.py", "forms.py", "blueprint.py", "commands.py", "__init__.py"}
VIEW = re.compile(r"^@\w*bp\.(get|post|route)\(", re.MULTILINE)
HUNK = re.compile(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@")


def core() -> list[Path]:
    found: list[Path] = []
    for name in CORE:
        path = ROOT / "pst" / name
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return [path for path in found if not is_of_pages(path)]


def is_of_pages(path: Path) -> bool:
    return path.name in PAGES or VIEW.search(path.read_text()) is not None


def changed(root: Path = ROOT) -> dict[Path, set[int]]:
    """List files of the core, and their lines, that differ from where work began.

    That is where it left the main line, or, on it, the commit before. Where neither is
    there, as in a clone of one commit or without git, nothing is changed.
    """
    for base in ("origin/main...HEAD", "HEAD~1...HEAD"):
        try:
            result = subprocess.run(
                ["git", "diff", "--unified=0", "--no-ext-diff", base, "--", "pst"],
                cwd=root,
                capture_output=True,
                text=True,
            )
        except OSError:
            return {}
        if result.returncode == 0 and result.stdout:
            return {
                path: lines for path, lines in _hunks(result.stdout) if path in core()
            }
    return {}


def _hunks(diff: str) -> list[tuple[Path, set[int]]]:
    found: list[tuple[Path, set[int]]] = []
    for line in diff.splitlines():
        if line.startswith("+++ b/"):
            found.append((ROOT / line.removeprefix("+++ b/"), set()))
        elif found and (hunk := HUNK.match(line)):
            begin = int(hunk[1])
            found[-1][1].update(range(begin, begin + int(hunk[2] or 1)))
    return found


def tests_for(paths: list[Path]) -> list[str]:
    """List test files: those of the same folder, which import it first; then others.

    When time is short only the first ones are learnt.
    """
    packages = {path.relative_to(ROOT / "pst").parts[0] for path in paths}
    modules = [module_of(path) for path in paths]
    nearest: list[Path] = []
    near: list[Path] = []
    importing: list[Path] = []
    others: list[Path] = []
    for test in sorted((ROOT / "tests").rglob("test_*.py")):
        folder = test.relative_to(ROOT / "tests").parts[0]
        text = test.read_text()
        if folder in ("browser", "faults", "deploy", "mutants"):
            continue
        is_near = folder in packages or (
            folder == "personal" and "personal_data" in packages
        )
        if any(_is_imported(module, text) for module in modules):
            (nearest if is_near else importing).append(test)
        elif is_near:
            near.append(test)
        elif folder == "journeys" or any(f"pst.{name}" in text for name in packages):
            others.append(test)
    return [str(test) for test in (*nearest, *near, *importing, *others)]


def _is_imported(module: str, text: str) -> bool:
    package, _, name = module.rpartition(".")
    from_package = rf"from {re.escape(package)} import [^\n]*\b{name}\b"
    return module in text or re.search(from_package, text) is not None


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def named(paths: list[Path]) -> dict[str, Mistake]:
    """Give each mistake a name that is its own."""
    by_name: dict[str, Mistake] = {}
    for path in paths:
        for mistake in mistakes_in(path):
            name, n = mistake.name_in(ROOT), 2
            while name in by_name:
                name, n = f"{mistake.name_in(ROOT)} [{n}]", n + 1
            by_name[name] = mistake
    return by_name


def equivalents() -> dict[str, str]:
    """Read what changes nothing that can be seen: the name, and below it the reason."""
    lines = [line.strip() for line in EQUIVALENT.read_text().splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    return dict(zip(lines[::2], lines[1::2], strict=True))


def sample(by_name: dict[str, Mistake], size: int, seed: str) -> dict[str, Mistake]:
    """Draw some of the mistakes by lot, of each file as many as its share of them.

    Each name has its lot, so a change elsewhere does not draw others, and a larger
    sample holds the smaller one.
    """
    by_file: dict[Path, list[str]] = {}
    for name, mistake in by_name.items():
        by_file.setdefault(mistake.path, []).append(name)
    drawn: set[str] = set()
    passed = 0
    for names in by_file.values():
        begin, passed = passed, passed + len(names)
        wanted = passed * size // len(by_name) - begin * size // len(by_name)
        drawn.update(sorted(names, key=partial(_lot, seed))[:wanted])
    # In the order of the lots: what there is time for is a sample, too.
    return {name: by_name[name] for name in sorted(drawn, key=partial(_lot, seed))}


def _lot(seed: str, name: str) -> bytes:
    return hashlib.sha256(f"{seed} {name}".encode()).digest()
