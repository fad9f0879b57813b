"""What `bin/mutants` runs: choose files, run, keep what came out, print a table."""

import argparse
import json
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.mutants.mistakes import Mistake, mistakes_in
from tests.mutants.running import Runner
from tests.processes import ROOT

KEPT = ROOT / "build" / "mutants.json"
EQUIVALENT = Path(__file__).with_name("equivalent.txt")
CORE = (
    *("consultations", "office", "outbox", "feedback", "reports/figures"),
    *("knowledge/models.py", "knowledge/privacy.py", "accounts", "personal_data"),
    "admin/backups",
)
# What pages show and what people type is for the journeys and the browser.
PAGES = {"views.py", "forms.py", "blueprint.py", "commands.py", "__init__.py"}
FOR_EVER = 1_000_000.0
HUNK = re.compile(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@")


def core() -> list[Path]:
    found: list[Path] = []
    for name in CORE:
        path = ROOT / "pst" / name
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return [path for path in found if path.name not in PAGES]


def changed(root: Path = ROOT) -> dict[Path, set[int]]:
    """List files of the core, and their lines, that differ from where work began.

    That is where it left the main line, or, on it, the commit before. Where neither is
    there, as in a clone of one commit or without git, nothing is changed.
    """
    for base in ("origin/main...HEAD", "HEAD~1...HEAD"):
        try:
            told = subprocess.run(
                ["git", "diff", "--unified=0", "--no-ext-diff", base, "--", "pst"],
                cwd=root,
                capture_output=True,
                text=True,
            )
        except OSError:
            return {}
        if told.returncode == 0 and told.stdout:
            return {
                path: lines for path, lines in _hunks(told.stdout) if path in core()
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


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/mutants", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="files or folders of pst")
    parser.add_argument("--all", action="store_true", help="the whole domain core")
    parser.add_argument("--again", action="store_true", help="try unnoticed ones again")
    parser.add_argument("--minutes", type=float, help="stop then; go on next time")
    parser.add_argument("--tests", nargs="+", help="instead of the tests found near")
    return parser.parse_args()


def chosen(wanted: argparse.Namespace) -> list[Path]:
    if wanted.all:
        return core()
    if not wanted.paths:
        return list(changed())
    found: list[Path] = []
    for path in (path.resolve() for path in wanted.paths):
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return [path for path in found if path.name not in PAGES]


def run(wanted: argparse.Namespace, paths: list[Path]) -> dict[str, str | None]:
    by_name, kept = named(paths), {}
    if KEPT.exists():
        kept = json.loads(KEPT.read_text())
    left = {
        name: mistake
        for name, mistake in by_name.items()
        if name not in equivalents()
        and (name not in kept or (wanted.again and kept[name] is None))
    }
    names = {mistake: name for name, mistake in left.items()}
    unsure: set[str] = set()
    touched = {} if wanted.paths or wanted.all else changed()
    ordered = sorted(  # the lines that were changed first
        left.values(), key=lambda each: each.line not in touched.get(each.path, ())
    )

    def note(mistake: Mistake, test: str | None) -> None:
        kept[names[mistake]] = test
        if test is None and runner.unlearnt:
            unsure.add(names[mistake])
        sure = {name: test for name, test in kept.items() if name not in unsure}
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(sure, indent=0, ensure_ascii=False))
        print("." if test else "S", end="", flush=True, file=sys.__stderr__)

    if left:
        seconds = wanted.minutes * 60 if wanted.minutes else FOR_EVER
        runner = Runner(ordered, note, time.monotonic() + seconds)
        tests = wanted.tests or tests_for(paths)
        options = ["-p", "no:xdist", "--disable-warnings", "-p", "no:cacheprovider"]
        pytest.main([*options, "-q", "--tb=no", "--no-summary", *tests], [runner])
        if runner.unlearnt:
            print(
                f"\nTime was short: {runner.unlearnt} tests were not looked at, and"
                " may notice what is listed here; it is tried again next time."
            )
    return {name: kept[name] for name in by_name if name in kept}


def table(came_out: dict[str, str | None], by_name: dict[str, Mistake]) -> str:
    tried, noticed, lines = Counter[str](), Counter[str](), []
    same = equivalents()
    for name, test in came_out.items():
        if name in same:
            continue
        mistake = by_name[name]
        where = mistake.path.relative_to(ROOT)
        package = where.parts[1]
        tried[package] += 1
        noticed[package] += test is not None
        if test is None:
            before, now = mistake.diff
            lines += [f"{where}:{mistake.line} {mistake.function}"]
            lines += [f"  - {before}", f"  + {now}"]
    lines += [
        f"{package:16} {noticed[package]:5} of {tried[package]:5} noticed"
        for package in sorted(tried)
    ]
    return "\n".join(lines)


def main() -> None:
    wanted = arguments()
    paths = chosen(wanted)
    if not paths:
        print("No file of the domain core is changed.")
        return
    came_out = run(wanted, paths)
    by_name = named(paths)
    print(f"\n{table(came_out, by_name)}")
    untried = len(by_name) - len(came_out) - len(equivalents().keys() & by_name.keys())
    if untried:
        print(f"{untried} not tried yet.")


if __name__ == "__main__":
    main()
