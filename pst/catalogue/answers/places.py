"""The names of places: how they are written, and where a question has them."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from rapidfuzz.distance import OSA

from pst.regions import area_codes
from pst.search.language import gazetteer, indonesian

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
OF_THE_COUNTRY = frozenset(["indonesia", "nasional", "national"])
# Before a place that no word announces as one.
BEFORE_A_PLACE = frozenset(["di", "daerah", "wilayah", "untuk", "dari"])
# What follows the first word of a province's name, besides points of the compass.
ENDS = gazetteer.ENDS | {"belitung", "jakarta", "pegunungan"}

# Towns and the country, whose names are no other words.
SURE = gazetteer.TOWNS | OF_THE_COUNTRY
KINDS = gazetteer.KINDS | LEVELS.keys()
MIN_MISTYPED = 5

Span = tuple[int, int]


def spans(words: Sequence[str], listed: Sequence[str]) -> list[Span]:
    """Return where places are named, each with the word for its kind.

    `listed` are names of regions that the office has a list of.
    """
    names = sorted((tuple(indonesian.words(name)) for name in listed), key=len)
    stretches = []
    at = 0
    while at < len(words):
        end = at + _length(words, at, names[::-1])
        if end > at:
            has_kind = at and words[at - 1] in KINDS
            stretches.append((at - bool(has_kind), end))
        at = max(end, at + 1)
    return stretches


def names_with(words: Sequence[str], listed: Sequence[str], unknown: list[str]) -> str:
    """Return the names of places that have an unknown word, whole, then other words."""
    names = [
        [word for word in words[start:end] if word not in KINDS]
        for start, end in spans(words, listed)
        if not set(unknown).isdisjoint(words[start:end])
    ]
    every = list(chain.from_iterable(names))
    return " ".join([*every, *(word for word in unknown if word not in every)])


def words_of(words: Sequence[str], listed: Sequence[str]) -> Iterator[str]:
    """Yield the words that name a place, and those that stand where one is named."""
    for start, end in spans(words, listed):
        yield from words[start:end]
    for before, word in zip(words, words[1:], strict=False):
        if before in BEFORE_A_PLACE:
            yield word


def is_about_a_place(word: str) -> bool:
    """Return whether `word` says what kind of place the next one names."""
    return word in KINDS


@lru_cache(maxsize=2_000)
def name_of(area: str) -> tuple[str, ...]:
    """Return the words of an area's name without what kind of area it is."""
    words = tuple(indonesian.words(area))
    return words[1:] if len(words) > 1 and words[0] in LEVELS else words


def alike(name: str, word: str) -> bool:
    """Return whether a word is a name, or a long name with one slip."""
    if name == word:
        return True
    if min(len(name), len(word)) < MIN_MISTYPED:
        return False
    return OSA.distance(name, word, score_cutoff=1) <= 1


def is_of(word: str, area: str, code: str) -> bool:
    """Return whether a word is of an area's name, or of the province around it."""
    if code == area_codes.COUNTRY and word in OF_THE_COUNTRY:
        return True
    is_around = word in area_codes.province_words(code)
    return is_around or any(alike(name, word) for name in indonesian.words(area))


def _length(words: Sequence[str], at: int, names: Sequence[tuple[str, ...]]) -> int:
    """Return how many words the name has that begins there; 0 when none does."""
    for name in names:
        if name and tuple(words[at : at + len(name)]) == name:
            return len(name)
    word = words[at]
    if word in gazetteer.REGIONS:
        end = at + 1
        while end < len(words) and words[end] in ENDS:
            end += 1
        return end - at
    is_name = word.isalpha() and word not in KINDS and not indonesian.is_stop_word(word)
    is_announced = at > 0 and words[at - 1] in gazetteer.KINDS
    return int(word in SURE or (is_name and is_announced))
