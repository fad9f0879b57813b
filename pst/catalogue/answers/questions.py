"""What a question about a figure asks for: which year, which part of it, which area."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, chain, pairwise

from pst.catalogue.answers import periods, places
from pst.catalogue.answers.asking_words import (
    ANY_FIGURE,
    FOR_EACH,
    JOINING,
    OF_A_NUMBER,
    OF_NOW,
    OF_SOMETHING,
    SUPERLATIVES,
    WHICH,
)
from pst.catalogue.answers.places import LEVELS, OF_THE_COUNTRY, alike, name_of
from pst.regions import area_codes
from pst.search.language import indonesian

NOW = re.compile(
    rf"\b(?:(?:tahun|thn|th|bulan|bln)\s+)?(?:{'|'.join(sorted(OF_NOW))})\b", re.I
)
OF_MEANING = ("apa itu", "apa sih", "dimaksud", "definisi", "pengertian", "arti dari")
AGE = re.compile(r"\b\d{1,2}\s*(?:tahun|thn|th)\s*(?:ke\s*(?:atas|bawah)|lebih)", re.I)
NEWEST = re.compile(r"\bpaling (?:akhir|anyar|baru|kini|update)\b", re.I)
OF_A_YEAR = frozenset(["tahun", "thn", "th", "brp", "berapa"])
LAST_YEAR, THIS_YEAR = ("lalu", "kemarin"), ("ini",)
# Between areas, and no decimal comma.
COMMA = re.compile(r"(?<!\d)[,;]|[,;](?!\d)")


@dataclass(frozen=True)
class Question:
    """The words of a question, and the period and places that they name."""

    words: tuple[str, ...]
    years: tuple[int, ...] = ()
    part: int = 0
    part_label: str = ""
    # Where a part between commas begins or ends: no name goes on there.
    bounds: frozenset[int] = frozenset([0])
    # Names of regions that the office has a list of.
    regions: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str, today: date, regions: tuple[str, ...] = ()) -> "Question":
        """Return what `text` asks for, as far as it names a time."""
        phrases = [indonesian.words(phrase) for phrase in COMMA.split(text)]
        words = tuple(chain.from_iterable(phrases))
        bounds = frozenset(accumulate(map(len, phrases), initial=0))
        years = (
            periods.years_in(text)
            or periods.short_years_in(text)
            or _spoken_years(words, today)
        )
        part = _without_years(text)
        label = periods.part_label(part)
        return cls(words, tuple(years), periods.part_of(part), label, bounds, regions)

    @property
    def asks_meaning(self) -> bool:
        """Return whether it asks what something is, and so for no figure."""
        text = " ".join(self.words)
        return any(phrase in text for phrase in OF_MEANING)

    @property
    def asks_number(self) -> bool:
        """Return whether it asks how many there are of something."""
        return not OF_A_NUMBER.isdisjoint(self.words)

    @property
    def asks_age(self) -> bool:
        """Return whether it asks for people from an age on, or up to one."""
        return AGE.search(" ".join(self.words)) is not None

    @property
    def asks_which(self) -> bool:
        """Return whether it asks for the first of many areas, and so for a table."""
        # "Paling baru" asks for the newest figure, and is left out.
        words = NEWEST.sub(" ", " ".join(self.words)).split()
        asking = [pair for pair in pairwise(words) if not WHICH.isdisjoint(pair)]
        if any(map(places.is_about_a_place, chain.from_iterable(asking))):
            return True
        return bool(self.kinds_alone) and not SUPERLATIVES.isdisjoint(words)

    @property
    def kinds_alone(self) -> set[str]:
        """Return the words for a kind of area that stand without a name."""
        return {
            word
            for at, word in enumerate(self.words)
            if places.is_about_a_place(word)
            and (not self._is_name(at + 1) or _asks_nothing(self.words[at + 1]))
        }

    @property
    def kinds_counted(self) -> set[str]:
        """Return the words for a kind of area of which the number is asked."""
        return {
            word
            for before, word in pairwise(self.words)
            if before in OF_A_NUMBER and places.is_about_a_place(word)
        }

    @property
    def searched(self) -> str:
        """What is searched for: its words without those for a time."""
        return searched(" ".join(self.words))

    @property
    def year(self) -> int | None:
        """The year asked for: the last of several."""
        return self.years[-1] if self.years else None

    def names(self, area: str, code: str) -> int:
        """Return how surely the question names an area; 0 when it does not.

        An area is named by all its words. The word before them may say at which level
        it lies: the kecamatan of a name is not the district of that name. "Provinsi"
        alone is the one that holds the office's area.
        """
        if code == area_codes.COUNTRY:
            return 10 * bool(self.mentions(area, code))
        levels = self._levels_of(area)
        if not levels & {None, len(code)}:
            return 5 * bool(self._bare(len(code)))
        return 10 * len(name_of(area)) + 5 * (len(code) in levels)

    def may_ask_for_goods(self, area_names: Iterable[str]) -> bool:
        """Return whether what reads as one of the areas may be what is counted."""
        others = {word for word in self.words if not word.isdigit()}
        others -= ANY_FIGURE | OF_A_YEAR
        if others.isdisjoint(OF_SOMETHING) or others <= OF_SOMETHING:
            return False
        others -= OF_SOMETHING
        return any(
            all(any(alike(each, word) for each in name) for word in others)
            for name in map(name_of, area_names)
            if places.SURE.isdisjoint(name)
        )

    def sets_apart(self, area: str, code: str) -> bool:
        """Return whether an area is named next to a word that joins or compares."""
        return any(
            JOINING.intersection(self.words[max(0, start - 1) : start])
            or JOINING.intersection(self.words[end : end + 1])
            for start, end in self.mentions(area, code)
        )

    def level_missing(self, area: str) -> str:
        """Return how the question names another area of this name, at another level."""
        level = next(iter(self._levels_of(area)), None)
        if level is None:
            return ""
        words = next((w for w in self.words if LEVELS.get(w) == level), "")
        return f"{words} {' '.join(name_of(area))}"

    def level_alone(self, level: int) -> str:
        """Return the word for a province or district alone, of another level."""
        others = {LEVELS["provinsi"], LEVELS["kabupaten"]} - {level} if level else ()
        at = next(chain.from_iterable(map(self._bare, others)), None)
        return "" if at is None else self.words[at]

    def places(self) -> set[str]:
        """Return the words that name a place, whether it is known or not."""
        return set(places.words_of(self.words, self.regions))

    def mentions(self, area: str, code: str) -> list[tuple[int, int]]:
        """Return where the question names an area, with the word for its level."""
        if code == area_codes.COUNTRY:
            at = [i for i, word in enumerate(self.words) if word in OF_THE_COUNTRY]
            return [(i, i + 1) for i in at]
        size = len(name_of(area))
        spans = [
            (start - bool(self._level(start)), start + size)
            for start in self._starts(area)
            if self._level(start) in (None, len(code))
        ]
        return spans or [(at, at + 1) for at in self._bare(len(code))]

    def _bare(self, level: int) -> list[int]:
        """Return where a word for a province or district stands without a name."""
        if level not in (LEVELS["provinsi"], LEVELS["kabupaten"]):
            return []
        return [
            at
            for at, word in enumerate(self.words)
            if LEVELS.get(word) == level
            and FOR_EACH.isdisjoint(self.words[max(0, at - 1) : at])
            and not self._is_name(at + 1)
        ]

    def _is_name(self, at: int) -> bool:
        """Return whether the word there may be the name of an area."""
        if at in self.bounds or not self.words[at].isalpha():
            return False
        word = self.words[at]
        return not (word in JOINING or word in ANY_FIGURE or word in OF_A_YEAR)

    def _levels_of(self, area: str) -> set[int | None]:
        """Return at which levels the question names areas that are called like this."""
        return {self._level(start) for start in self._starts(area)}

    def _level(self, start: int) -> int | None:
        """Return at which level an area lies, by the word before its name."""
        return None if start in self.bounds else LEVELS.get(self.words[start - 1])

    def _starts(self, area: str) -> list[int]:
        """Return where the name of an area begins."""
        name = name_of(area)
        return [
            start
            for start in range(len(self.words) - len(name) + 1)
            if name
            and all(map(alike, name, self.words[start:]))
            and self.bounds.isdisjoint(range(start + 1, start + len(name)))
        ]


def _asks_nothing(word: str) -> bool:
    return indonesian.is_stop_word(word) or word in WHICH


def searched(text: str) -> str:
    """Return `text` without words for a time, a sign or a scale."""
    return " ".join(NOW.sub(" ", text).split())


def _spoken_years(words: tuple[str, ...], today: date) -> list[int]:
    """Return the year that "tahun lalu" or "tahun ini" means."""
    for before, word in zip(words, words[1:], strict=False):
        if before in ("tahun", "thn", "th"):
            if word in LAST_YEAR:
                return [today.year - 1]
            if word in THIS_YEAR:
                return [today.year]
    return []


def _without_years(text: str) -> str:
    """Return the words of `text` that may name a part of a year."""
    words = indonesian.words(periods.YEAR.sub(" ", text))
    rest = [w for w in words if periods.month_of(w) or periods.is_part_word(w)]
    return " ".join(rest) or "tahun"
