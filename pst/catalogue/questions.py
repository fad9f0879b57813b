"""What a question about a figure asks for: which year, which part of it, which area."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rapidfuzz.distance import OSA

from pst.catalogue import areas, periods
from pst.search import gazetteer, indonesian

# Words that say what kind of area the next one names, and at which level it lies.
LEVELS = {
    "provinsi": 2,
    "prov": 2,
    "kabupaten": 4,
    "kab": 4,
    "kota": 4,
    "kecamatan": 7,
    "kec": 7,
}
# Words that ask for any figure, and say nothing about which.
ANY_FIGURE = frozenset(
    [
        *("angka", "baru", "banyak", "banyaknya", "besar", "besaran", "bidang", "data"),
        *("hasil", "ini", "jumlah", "jml", "kemarin", "kini", "lalu", "nilai", "saat"),
        *("sekarang", "sektor", "terakhir", "terbaru", "terkini", "total", "update"),
        # Which of two is more, since when, and of whom it is a number.
        *("banding", "bandingkan", "dibanding", "dibandingkan", "hingga", "kecil"),
        *("naik", "perbandingan", "rendah", "sampai", "sd", "tinggi", "tren", "turun"),
        *("jiwa", "orang", "versus", "vs", "warga"),
    ]
)
# Words for a time that no title has; they are not searched for.
OF_NOW = frozenset(
    [
        *("baru", "ini", "kemarin", "kini", "lalu", "saat", "sekarang", "terakhir"),
        *("terbaru", "terkini", "update"),
    ]
)
NOW = re.compile(
    rf"\b(?:(?:tahun|thn|th|bulan|bln)\s+)?(?:{'|'.join(sorted(OF_NOW))})\b", re.I
)
OF_MEANING = ("apa itu", "apa sih", "dimaksud", "definisi", "pengertian", "arti dari")
# Before a place that no word announces as one.
BEFORE_A_PLACE = frozenset(["di", "daerah", "wilayah", "untuk", "dari"])
OF_THE_COUNTRY = frozenset(["indonesia", "nasional", "national"])
LAST_YEAR, THIS_YEAR = ("lalu", "kemarin"), ("ini",)
MIN_MISTYPED = 5


@dataclass(frozen=True)
class Question:
    """The words of a question, and the period and places that they name."""

    words: tuple[str, ...]
    years: tuple[int, ...] = ()
    part: int = 0

    @classmethod
    def read(cls, text: str, today: date) -> "Question":
        """Return what `text` asks for, as far as it names a time."""
        words = tuple(indonesian.words(text))
        years = (
            periods.years_in(text)
            or periods.short_years_in(text)
            or _spoken_years(words, today)
        )
        return cls(words, tuple(years), periods.part_of(_without_years(text)))

    @property
    def asks_meaning(self) -> bool:
        """Return whether it asks what something is, and so for no figure."""
        text = " ".join(self.words)
        return any(phrase in text for phrase in OF_MEANING)

    @property
    def year(self) -> int | None:
        """The year asked for: the last of several."""
        return self.years[-1] if self.years else None

    def names(self, area: str, code: str) -> int:
        """Return how surely the question names an area; 0 when it does not.

        An area is named by all its words. The word before them may say at which level
        it lies: the kecamatan of a name is not the district of that name.
        """
        if code == areas.COUNTRY:
            return 10 * any(word in OF_THE_COUNTRY for word in self.words)
        size = len(name_of(area))
        levels = self._levels_of(area)
        if not levels or not levels & {None, len(code)}:
            return 0
        return 10 * size + 5 * (len(code) in levels)

    def level_missing(self, area: str) -> str:
        """Return how the question names another area of this name, at another level."""
        level = next(iter(self._levels_of(area)), None)
        if level is None:
            return ""
        words = next((w for w in self.words if LEVELS.get(w) == level), "")
        return f"{words} {' '.join(name_of(area))}"

    def places(self) -> set[str]:
        """Return the words that name a place, whether it is known or not."""
        read = list(self.words)
        named = gazetteer.place_names(read) | gazetteer.regions(read)
        pairs = zip(read, read[1:], strict=False)
        return named | {word for before, word in pairs if before in BEFORE_A_PLACE}

    def _levels_of(self, area: str) -> set[int | None]:
        """Return at which levels the question names areas that are called like this."""
        name = name_of(area)
        return {
            LEVELS.get(self.words[start - 1]) if start else None
            for start in range(len(self.words) - len(name) + 1)
            if name and all(map(alike, name, self.words[start:]))
        }


def searched(text: str) -> str:
    """Return `text` without the words for a time that no title has."""
    return " ".join(NOW.sub(" ", text).split())


def is_about_a_place(word: str) -> bool:
    """Return whether `word` says what kind of place the next one names."""
    return word in LEVELS or word in gazetteer.KINDS


@lru_cache(maxsize=2_000)
def name_of(area: str) -> tuple[str, ...]:
    """Return the words of an area's name without what kind of area it is."""
    words = tuple(indonesian.words(area))
    return words[1:] if len(words) > 1 and words[0] in LEVELS else words


def alike(name: str, typed: str) -> bool:
    """Return whether a word is a name, or a long name with one slip."""
    if name == typed:
        return True
    if min(len(name), len(typed)) < MIN_MISTYPED:
        return False
    return OSA.distance(name, typed, score_cutoff=1) <= 1


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
    kept = [w for w in words if periods.month_of(w) or periods.is_part_word(w)]
    return " ".join(kept) or "tahun"
