"""Litestream's files in the copy: their names, which bring back a moment, which may go.

Each holds the pages that a range of transactions changed; several levels hold the same
in larger ranges, and a snapshot holds all. Their moment is that of the last one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FOLDER = "db"
FORM = re.compile(
    r"([0-9TZ]+-[0-9a-f]+)/(\d)/([0-9a-f]{16})-([0-9a-f]{16})\.(\d+)\.age"
)
SNAPSHOT = 9
# What may be brought back: moments of a day to some seconds, of a week to a minute.
FINE, COARSE = timedelta(hours=25), timedelta(days=7, hours=1)


@dataclass(frozen=True, order=True)
class Ltx:
    """One of Litestream's files, of one generation: an unbroken chain of them."""

    generation: str
    level: int
    first: int
    last: int
    moment_ms: int

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.moment_ms / 1000, UTC)

    @property
    def name(self) -> str:
        """Return its name in the copy."""
        folder = f"{FOLDER}/{self.generation}/{self.level}"
        return f"{folder}/{self._range}.{self.moment_ms}.age"

    @property
    def local_name(self) -> str:
        """Return its name as Litestream gives it."""
        return f"ltx/{self.level}/{self._range}.ltx"

    @property
    def _range(self) -> str:
        return f"{self.first:016x}-{self.last:016x}"


def parse(name: str) -> Ltx | None:
    """Return what a name below `db/` says; None for a name that is not ours."""
    match = FORM.fullmatch(name)
    if match is None:
        return None
    generation, level, first, last, moment_ms = match.groups()
    return Ltx(generation, int(level), int(first, 16), int(last, 16), int(moment_ms))


def parsed(names: Iterable[str]) -> list[Ltx]:
    return [file for file in map(parse, names) if file]


def chain(files: Iterable[Ltx], until: datetime | None = None) -> list[Ltx]:
    """Choose what brings back the newest moment up to `until`: few files, in order.

    That of the newest generation which had begun then; empty when there is none.
    """
    usable = [file for file in files if until is None or file.at <= until]
    for generation in sorted({file.generation for file in usable}, reverse=True):
        if links := _chain([f for f in usable if f.generation == generation]):
            return links
    return []


def _chain(files: list[Ltx]) -> list[Ltx]:
    links: list[Ltx] = []
    last = 0
    snapshots = [file for file in files if file.level == SNAPSHOT]
    if snapshots:
        links = [max(snapshots, key=lambda file: file.last)]
        last = links[0].last
    by_first = sorted(files, key=lambda file: file.first)
    at = 0
    best: Ltx | None = None
    while True:
        while at < len(by_first) and by_first[at].first <= last + 1:
            file = by_first[at]
            best = file if best is None or file.last > best.last else best
            at += 1
        if best is None or best.last <= last:
            return links
        links.append(best)
        last = best.last


def surplus(files: list[Ltx], now: datetime) -> list[Ltx]:
    """Choose what no moment of the last seven days needs any more."""
    generations = sorted({file.generation for file in files})
    starts = {g: min(f.at for f in files if f.generation == g) for g in generations}
    files_over: list[Ltx] = []
    for at, generation in enumerate(generations):
        own = [file for file in files if file.generation == generation]
        followers = generations[at + 1 :]
        if followers and starts[followers[0]] < now - COARSE:
            files_over += own
        else:
            files_over += _surplus_in(own, now)
    return files_over


def _surplus_in(files: list[Ltx], now: datetime) -> list[Ltx]:
    """Choose, of one generation: before its week, and single steps older than a day."""
    old = [f for f in files if f.level == SNAPSHOT and f.at < now - COARSE]
    base = max(old, key=lambda file: file.last, default=None)
    # Larger ones that are as old hold them: no younger moment needs a step of these.
    larger = [f for f in files if 0 < f.level < SNAPSHOT and f.at < now - FINE]
    last_covered = max((f.last for f in larger), default=0)
    files_over = {f for f in files if f.level == 0 and f.last <= last_covered}
    if base:
        files_over |= {
            file for file in files if file.last <= base.last and file != base
        }
    return sorted(files_over)
