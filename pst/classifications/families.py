"""The classifications of BPS, and how the length of a code says its level."""

import re
from dataclasses import dataclass

SECTION = re.compile(r"[A-V]")
DIGITS = re.compile(r"\d+")
MARKS = re.compile(r"[\s.\-/\[\]()'’*¹²³]+")
EDITION = re.compile(r"(kbli|kbji|kbki)-((?:19|20)\d\d)")
NAMED = re.compile(r"\b(KBLI|KBJI|KBKI)\W{0,3}((?:19|20)\d\d)\b", re.I)


@dataclass(frozen=True)
class Family:
    """One classification in all its editions; lengths of its codes, and level names."""

    name: str
    title: str
    levels: tuple[tuple[int, str], ...]
    has_sections: bool = False

    @property
    def lengths(self) -> tuple[int, ...]:
        return tuple(length for length, _ in self.levels)

    @property
    def longest(self) -> int:
        return self.lengths[-1]

    def depth(self, code: str) -> int | None:
        """Return the level of `code` from 1; None if it is no code."""
        if self.has_sections and len(code) == 1:
            return 1 if SECTION.fullmatch(code) else None
        if not DIGITS.fullmatch(code) or len(code) not in self.lengths:
            return None
        return self.lengths.index(len(code)) + 1

    def level_name(self, depth: int) -> str:
        return self.levels[depth - 1][1]

    def depth_named(self, words: str) -> int | None:
        """Return the level that is called `words`."""
        plain = words.casefold().replace(" ", "")
        names = [name.replace(" ", "") for _, name in self.levels]
        return names.index(plain) + 1 if plain in names else None

    def parent_of(self, code: str) -> str | None:
        """Return the code one level up, by its digits; None where digits do not say."""
        at = self.lengths.index(len(code))
        if at == 0 or (self.has_sections and at == 1):
            return None
        return code[: self.lengths[at - 1]]


FAMILIES = {
    family.name: family
    for family in (
        Family(
            "KBLI",
            "Klasifikasi Baku Lapangan Usaha Indonesia",
            (
                (1, "kategori"),
                (2, "golongan pokok"),
                (3, "golongan"),
                (4, "subgolongan"),
                (5, "kelompok"),
            ),
            has_sections=True,
        ),
        Family(
            "KBJI",
            "Klasifikasi Baku Jabatan Indonesia",
            (
                (1, "golongan pokok"),
                (2, "subgolongan pokok"),
                (3, "golongan"),
                (4, "subgolongan"),
                (6, "jabatan"),
            ),
        ),
        Family(
            "KBKI",
            "Klasifikasi Baku Komoditas Indonesia",
            (
                (1, "seksi"),
                (2, "divisi"),
                (3, "kelompok"),
                (4, "kelas"),
                (5, "subkelas"),
                (7, "kelompok komoditas"),
                (10, "komoditas"),
            ),
        ),
    )
}


def family_of(slug: str) -> Family:
    """Return the family of an edition such as "kbli-2025"."""
    return FAMILIES[slug.split("-")[0].upper()]


def is_edition(slug: str) -> bool:
    return EDITION.fullmatch(slug) is not None


def name_of(slug: str) -> str:
    """Return the name of an edition: "KBLI 2025"."""
    return slug.upper().replace("-", " ")


def named_in(text: str) -> set[str]:
    """Return the editions that `text` names, as "kbli-2025"."""
    return {f"{name.lower()}-{year}" for name, year in NAMED.findall(text)}


def normal_code(text: str) -> str:
    """Return a code as it is stored: without dots, blanks and brackets."""
    return MARKS.sub("", text).upper()
