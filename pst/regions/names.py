"""Names of regions as people and lists write them: *kec. wanadadi*, *Kab. Tegal*.

Two spellings of one name have one key: without the word for the kind of region, without
signs and blanks, and with the vowels and doubles that old spellings differ in.
"""

import re
from enum import IntEnum

from pst.search.language.indonesian import fold


class RegionLevel(IntEnum):
    """How large a region is; the number orders them."""

    PROVINCE = 1
    DISTRICT = 2
    SUBDISTRICT = 3
    VILLAGE = 4


KINDS = {
    "provinsi": RegionLevel.PROVINCE,
    "propinsi": RegionLevel.PROVINCE,
    "prov": RegionLevel.PROVINCE,
    "kabupaten": RegionLevel.DISTRICT,
    "kab": RegionLevel.DISTRICT,
    "kota": RegionLevel.DISTRICT,
    "kecamatan": RegionLevel.SUBDISTRICT,
    "kec": RegionLevel.SUBDISTRICT,
    "distrik": RegionLevel.SUBDISTRICT,
    "desa": RegionLevel.VILLAGE,
    "ds": RegionLevel.VILLAGE,
    "kelurahan": RegionLevel.VILLAGE,
    "kel": RegionLevel.VILLAGE,
    "nagari": RegionLevel.VILLAGE,
}
TITLES = {"prov": "Provinsi", "propinsi": "Provinsi", "kab": "Kabupaten"}
TITLES |= {"kec": "Kecamatan", "ds": "Desa", "kel": "Kelurahan"}
WORD = re.compile(r"[^\W_]+")
PARTS = re.compile(r"[,;/()\n]+|\s-\s")
ROMAN = re.compile(r"(?:[IVX]+|[A-Z])")
SMALL = frozenset(["dan", "di"])
MAX_LENGTH, MAX_PARTS = 200, 6


def key_of(name: str) -> str:
    """Return what is equal for all spellings of a name, without its kind."""
    words = WORD.findall(fold(name))
    if len(words) > 1 and words[0] in KINDS:
        words = words[1:]
    text = "".join(words).replace("oe", "u").replace("dj", "j").replace("tj", "c")
    return re.sub(r"(.)\1+", r"\1", text)


def kind_in(name: str) -> tuple[str, str]:
    """Return the word for the kind of region that a name begins with, and the rest."""
    words = name.split()
    first = fold(words[0]).strip(".") if words else ""
    if len(words) > 1 and first in KINDS:
        return TITLES.get(first, first.capitalize()), " ".join(words[1:])
    return "", " ".join(words)


def level_of_kind(kind: str) -> RegionLevel | None:
    return KINDS.get(fold(kind).strip(". "))


def display(name: str) -> str:
    """Return a name as it is written: lists have them in capitals."""
    if not name.isupper():
        return name
    words = name.split()
    return " ".join(
        word
        if ROMAN.fullmatch(word) and len(words) > 1
        else word.lower()
        if word.lower() in SMALL
        else word.capitalize()
        for word in words
    )


def mentions(text: str) -> list[tuple[list[str], RegionLevel | None]]:
    """Return the regions that a text names, as words, and the level if it says it.

    "Desa Karangjambe Kec. Wanadadi, Banjarnegara" names three.
    """
    matches: list[tuple[list[str], RegionLevel | None]] = []
    for part in PARTS.split(text[:MAX_LENGTH]):
        words = WORD.findall(fold(part))
        starts = [at for at, word in enumerate(words) if word in KINDS]
        cuts = sorted({0, *starts})
        for start, end in zip(cuts, [*cuts[1:], len(words)], strict=True):
            name = words[start:end]
            level = KINDS.get(name[0]) if name else None
            if name := name[1:] if level else name:
                matches.append((name, level))
    return matches[:MAX_PARTS]
