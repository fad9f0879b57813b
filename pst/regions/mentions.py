"""Names of regions within a question, such as *penduduk kec. wanadadi 2024*."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pst.regions import names
from pst.regions.names import RegionLevel
from pst.search.language import indonesian
from pst.search.language.indonesian import fold

WORD = re.compile(r"[^\W_]+")
# Before a name that no word announces as one.
BEFORE = frozenset(["di", "daerah", "wilayah", "untuk", "dari", "se", "neng", "ing"])
MAX_WORDS, MAX_LENGTH, MIN_LETTERS = 4, 300, 4


@dataclass(frozen=True)
class GazetteerEntry:
    """A region that is kept in memory: a district has some three hundred."""

    code: str
    level: int
    title: str
    name: str
    kemendagri_code: str | None


@dataclass(frozen=True)
class Mention:
    """A name in a text, from its first to its last letter, and the region it means."""

    place: GazetteerEntry
    start: int
    end: int
    # A word before it says that a region is named; else it may be a word of its own.
    is_sure: bool
    # It is what the region is called now, as lists write it.
    is_current: bool


def mentions_in(
    text: str,
    by_key: Mapping[str, tuple[str, ...]],
    places: Mapping[str, GazetteerEntry],
) -> list[Mention]:
    """Return the regions that a question names, each stretch of it once."""
    words = list(WORD.finditer(text[:MAX_LENGTH]))
    keys = [fold(word[0]) for word in words]
    mentions: list[Mention] = []
    at = 0
    while at < len(words):
        size = 0
        for size, place, is_sure in _at(at, keys, by_key, places):
            start, end = words[at].start(), words[at + size - 1].end()
            name = " ".join(keys[at : at + size])
            is_current = name == " ".join(WORD.findall(fold(place.name)))
            mentions.append(Mention(place, start, end, is_sure, is_current))
            break
        at += size or 1
    return mentions


def _at(
    at: int,
    keys: list[str],
    by_key: Mapping[str, tuple[str, ...]],
    places: Mapping[str, GazetteerEntry],
) -> Iterator[tuple[int, GazetteerEntry, bool]]:
    """Yield the longest name that begins at a word, with how surely it is one."""
    before = keys[at - 1] if at else ""
    level = names.KINDS.get(before)
    is_sure = level is not None or before in BEFORE
    for size in range(min(MAX_WORDS, len(keys) - at), 0, -1):
        run = keys[at : at + size]
        if run[0] in names.KINDS or (size == 1 and not _may_be_name(run[0])):
            continue
        candidates = [
            places[code] for code in by_key.get(names.key_of(" ".join(run)), ())
        ]
        if place := _one(candidates, level):
            yield size, place, is_sure
            return


def _may_be_name(word: str) -> bool:
    return len(word) >= MIN_LETTERS and not indonesian.is_stop_word(word)


def _one(
    candidates: list[GazetteerEntry], level: RegionLevel | None
) -> GazetteerEntry | None:
    """Return the region that is meant; a village only where the text says so."""
    if level is not None:
        candidates = [place for place in candidates if place.level == level]
    else:
        candidates = [
            place for place in candidates if place.level < RegionLevel.VILLAGE
        ]
        largest = min((place.level for place in candidates), default=0)
        candidates = [place for place in candidates if place.level == largest]
    return candidates[0] if len(candidates) == 1 else None
