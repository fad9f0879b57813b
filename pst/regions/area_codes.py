"""Area codes of Statistics Indonesia: which area lies in which.

A code is kept as long as it says something: "" is the country, `33` a province, `3304`
a district, `3304010` a kecamatan. So an area lies in another when its code begins with
the other's.
"""

import re

from pst.reference_lists import DATA

COUNTRY = ""
LEVELS = {0: "Indonesia", 2: "Provinsi", 4: "Kabupaten/kota", 7: "Kecamatan"}
PROVINCES = {
    line[:2]: frozenset(line.split()[1:])
    for line in (DATA / "province_codes.txt").read_text().splitlines()
}
# Rows of a table that are areas, by what its rows are called.
ROWS_OF_AREAS = re.compile(
    r"\b(kecamatan|kabupaten|kota|provinsi|wilayah|desa|kelurahan)\b", re.I
)


def code_of(text: object) -> str | None:
    """Return a code as sources write it (`3300`, `3304000`, `9999`), shortened."""
    digits = str(text).strip()
    if not digits.isdigit():
        return None
    if digits in ("0000", "9999", "0", "0000000", "9999999"):
        return COUNTRY
    if len(digits) == 2:
        return digits
    if len(digits) == 4:
        return digits[:2] if digits.endswith("00") else digits
    if len(digits) in (7, 10):
        short = digits[:7].removesuffix("000")
        if len(short) == 4:
            return code_of(short)
        return (
            digits if len(digits) == 10 and not digits.endswith("000") else digits[:7]
        )
    return None


def province_words(code: str) -> frozenset[str]:
    """Return the words of the name of the province that an area lies in."""
    return PROVINCES.get(code[:2], frozenset())


def is_about(area: str, own: str) -> bool:
    """Return whether an area is the office's own, lies in it or holds it."""
    return area.startswith(own) or own.startswith(area)


def distance(area: str, target: str) -> tuple[int, int]:
    """Order areas by how near they are to the one that is wanted.

    The area itself comes first, then those that hold it, the smallest first, and then
    those within it. Others are far.
    """
    if area == target:
        return (0, 0)
    if target.startswith(area):
        return (1, len(target) - len(area))
    if area.startswith(target):
        return (2, len(area))
    return (3, 0)
