"""What `bin/mutants` runs: choose files, run, keep what came out, print a table."""

import argparse
import json
import math
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.mutants import choosing
from tests.mutants.learning import Lines
from tests.mutants.mistakes import Mistake
from tests.mutants.running import Runner
from tests.processes import ROOT

KEPT = ROOT / "build" / "mutants.json"
WAYS = ROOT / "build" / "mutants-lines.json"
FOR_EVER = 1_000_000.0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/mutants", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="files or folders of pst")
    parser.add_argument("--all", action="store_true", help="the whole domain core")
    parser.add_argument("--sample", type=int, help="so many, drawn from all files")
    parser.add_argument("--seed", default="", help="draw others")
    parser.add_argument("--again", action="store_true", help="try unnoticed ones again")
    parser.add_argument("--minutes", type=float, help="stop then; go on next time")
    parser.add_argument("--tests", nargs="+", help="instead of the tests found near")
    return parser.parse_args()


def files(wanted: argparse.Namespace) -> list[Path]:
    if wanted.all:
        return choosing.core()
    if not wanted.paths:
        return list(choosing.changed())
    found: list[Path] = []
    for path in (path.resolve() for path in wanted.paths):
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return [path for path in found if not choosing.is_of_pages(path)]


def run(
    wanted: argparse.Namespace, chosen: dict[str, Mistake], until: float
) -> dict[str, str | None]:
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    left = {
        name: mistake
        for name, mistake in chosen.items()
        if name not in kept or (wanted.again and kept[name] is None)
    }
    names = {mistake: name for name, mistake in left.items()}
    unsure: set[str] = set()
    touched = {} if wanted.paths or wanted.all else choosing.changed()
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
        paths = list(dict.fromkeys(mistake.path for mistake in chosen.values()))
        core = set(choosing.core())
        lines = Lines(core | {*paths}, WAYS if core >= {*paths} else None)
        lines.watch_import()
        runner = Runner(ordered, lines, note, until)
        tests = wanted.tests or choosing.tests_for(paths)
        options = ["-p", "no:xdist", "--disable-warnings", "-p", "no:cacheprovider"]
        pytest.main([*options, "-q", "--tb=no", "--no-summary", *tests], [runner])
        if runner.failing:
            print("\nThese fail as it is, and notice nothing:", *runner.failing)
        if runner.unlearnt:
            print(
                f"\nTime was short: {runner.unlearnt} tests were not looked at, and"
                " may notice what is listed here; it is tried again next time."
            )
    return {name: kept[name] for name in chosen if name in kept}


def table(came_out: dict[str, str | None], by_name: dict[str, Mistake]) -> str:
    tried, noticed, lines = Counter[str](), Counter[str](), []
    for name in sorted(came_out):
        mistake, test = by_name[name], came_out[name]
        where = mistake.path.relative_to(ROOT)
        for package in (where.parts[1], "together"):
            tried[package] += 1
            noticed[package] += test is not None
        if test is None:
            before, now = mistake.diff
            lines += [f"{where}:{mistake.line} {mistake.function}"]
            lines += [f"  - {before}", f"  + {now}"]
    packages = [*sorted(tried.keys() - {"together"}), "together"]
    return "\n".join(
        [*lines, *(share(each, noticed[each], tried[each]) for each in packages)]
    )


def share(package: str, noticed: int, tried: int) -> str:
    """Return how many were noticed, and between what the share of all of them lies."""
    low, high = wilson(noticed, tried)
    return (
        f"{package:16} {noticed:5} of {tried:5} noticed, {noticed / max(tried, 1):4.0%}"
        f" ({low:.0%} to {high:.0%})"
    )


def wilson(noticed: int, tried: int, z: float = 1.96) -> tuple[float, float]:
    """Return the 95 % interval of a share after Wilson (1927)."""
    if not tried:
        return 0.0, 1.0
    p, n = noticed / tried, tried
    middle = p + z * z / (2 * n)
    reach = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - reach) / (1 + z * z / n), (middle + reach) / (1 + z * z / n)


def main() -> None:
    begin = time.monotonic()
    wanted = arguments()
    paths = files(wanted)
    if not paths:
        print("No file of the domain core is changed.")
        return
    equivalent = choosing.equivalents()
    by_name = {
        name: mistake
        for name, mistake in choosing.named(paths).items()
        if name not in equivalent
    }
    chosen = by_name
    if wanted.sample:
        chosen = choosing.sample(by_name, wanted.sample, wanted.seed)
    seconds = wanted.minutes * 60 if wanted.minutes else FOR_EVER
    came_out = run(wanted, chosen, begin + seconds)
    print(f"\n{table(came_out, by_name)}")
    if untried := len(chosen) - len(came_out):
        print(f"{untried} not tried yet.")


if __name__ == "__main__":
    main()
