"""Words that say for which place or time something is asked."""

from collections.abc import Iterator

from pst.reference_lists import DATA

from . import indonesian

# The words before the name of a place, since no document names every village.
KINDS = frozenset(
    ["kabupaten", "kab", "kota", "kecamatan", "kec", "desa", "kelurahan", "kel"]
)
# The country and its provinces with their abbreviations.
REGIONS = frozenset((DATA / "region_names.txt").read_text().split())
# Districts and towns elsewhere, those whose names are no other words.
TOWNS = frozenset((DATA / "town_names.txt").read_text().split())
# The last words in names of provinces.
ENDS = frozenset(["barat", "daya", "selatan", "tengah", "tenggara", "timur", "utara"])
MONTHS = frozenset((DATA / "month_names.txt").read_text().split())
# The words before a month or a year.
PERIODS = frozenset(
    ["bulan", "bln", "periode", "semester", "tahun", "thn", "th", "triwulan"]
)


def place_names(read: list[str]) -> set[str]:
    """Return the words of `read` that name a district, village or town."""
    return {name for _, name in _named_places(read)}


def kinds_of_place(read: list[str]) -> set[str]:
    """Return the words of `read` that say what kind of place the next one names."""
    return {kind for kind, _ in _named_places(read)}


def regions(read: list[str]) -> set[str]:
    """Return the words of `read` that name a province or the country."""
    names = set(REGIONS.intersection(read))
    for before, word in _pairs(read):
        if word in ENDS and before in names:
            names.add(word)
    return names


def times(read: list[str]) -> set[str]:
    """Return the words of `read` that name a month or period, without the years."""
    return {word for word in read if word in MONTHS} | {
        period
        for period, word in _pairs(read)
        if period in PERIODS and (word in MONTHS or word.isdigit())
    }


def _named_places(read: list[str]) -> Iterator[tuple[str, str]]:
    return (
        (kind, name)
        for kind, name in _pairs(read)
        if kind in KINDS and not indonesian.is_stop_word(name)
    )


def _pairs(read: list[str]) -> Iterator[tuple[str, str]]:
    return zip(read, read[1:], strict=False)
