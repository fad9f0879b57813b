"""Years and parts of years, as sources write them and as people ask for them."""

import re
from datetime import date

from pst.web.formats import formatting

YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)")
SPAN = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s*(?:-|–|/|s\.?d\.?|sampai)\s*((?:19|20)\d\d)"
)
MONTHS = [month.lower() for month in formatting.MONTHS]
SHORT_MONTHS = {month[:3]: number for number, month in enumerate(MONTHS, 1)}
SHORT_MONTHS |= {"ags": 8, "agt": 8, "agst": 8, "sept": 9, "nop": 11, "nov": 11}
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
QUARTER = re.compile(r"\b(?:triwulan|tw|kuartal|q)\s*-?\s*(iv|i{1,3}|[1-4])\b")
SEMESTER = re.compile(r"\b(?:semester|smt)\s*-?\s*(i{1,2}|[12])\b")
# "Okt 24", "thn '24": the last two digits of a year after a word for a time.
SHORT_YEAR = re.compile(
    r"(?:\b(?:tahun|thn|th|bulan|bln|"
    r"(?:jan|feb|mar|apr|mei|jun|jul|agu|ags|agt|agst|sep|okt|nov|nop|des)[a-z]*)"
    r"\.?\s*['’]?|['’])(\d\d)(?!\d)",
    re.I,
)
FIRST_OF_LAST_CENTURY = 50
PART_WORDS = frozenset(["triwulan", "tw", "kuartal", "q", "semester", "smt"])
# Words for a year as a whole, among the parts of one.
WHOLE = frozenset(["tahun", "tahunan", "setahun", "jumlah", "rata-rata", "annual", ""])
MAX_SPAN = 60


def years_in(text: str) -> list[int]:
    """Return the years that a title names, those of a span all, in order."""
    years = {int(year) for year in YEAR.findall(text)}
    for first, last in SPAN.findall(text):
        if int(first) < int(last) <= int(first) + MAX_SPAN:
            years |= set(range(int(first), int(last) + 1))
    return sorted(years)


def years_as_text(years: list[int]) -> str:
    """Return years in order as people write them: `2020–2023`, `2020, 2023`."""
    is_span = len(years) > 2 and years[-1] - years[0] == len(years) - 1
    if is_span:
        return f"{years[0]}–{years[-1]}"
    return ", ".join(map(str, years))


def short_years_in(text: str) -> list[int]:
    """Return the years that a question names by two digits, in order."""
    years = map(int, SHORT_YEAR.findall(text))
    return sorted({y + (1900 if y >= FIRST_OF_LAST_CENTURY else 2000) for y in years})


def year_of(text: str) -> int | None:
    """Return the last year that a period names: of "2016-2017" it is 2017."""
    years = YEAR.findall(text)
    return int(years[-1]) if years else None


def part_of(text: str) -> int:
    """Return the place of a part within its year; 0 for the year as a whole.

    Months are 1 to 12, quarters and semesters the last month in them.
    """
    words = " ".join(YEAR.sub(" ", text).casefold().split())
    if words.strip("() ") in WHOLE:
        return 0
    for word in re.findall(r"[a-z]+", words):
        if month := month_of(word):
            return month
    if match := QUARTER.search(words):
        return 3 * (ROMAN.get(match[1]) or int(match[1]))
    if match := SEMESTER.search(words):
        return 6 * (ROMAN.get(match[1]) or int(match[1]))
    return 0


def part_label(text: str) -> str:
    """Return the name of the part that `part_of` finds; "" for the year as a whole."""
    part, words = part_of(text), text.casefold()
    if not part:
        return ""
    if any(map(month_of, re.findall(r"[a-z]+", words))):
        return MONTHS[part - 1].capitalize()
    if match := QUARTER.search(words):
        return f"Triwulan {match[1].upper()}"
    return f"Semester {part // 6}"


def are_alike(label: str, name: str) -> bool:
    """Return whether two parts of a year are both months, quarters or semesters."""
    kinds = _kinds_of(name)
    return not kinds or bool(kinds & _kinds_of(label))


def _kinds_of(part: str) -> set[str]:
    words = part.casefold()
    kinds = {
        "month": any(map(month_of, re.findall(r"[a-z]+", words))),
        "quarter": QUARTER.search(words) is not None,
        "semester": SEMESTER.search(words) is not None,
    }
    return {kind for kind, is_so in kinds.items() if is_so}


def is_part_word(word: str) -> bool:
    """Return whether `word` belongs to the name of a quarter or semester."""
    return word in PART_WORDS or word in ROMAN or word in ("1", "2", "3", "4")


def month_of(word: str) -> int | None:
    """Return the number of the month that `word` names, also shortened."""
    if word in MONTHS:
        return MONTHS.index(word) + 1
    return SHORT_MONTHS.get(word)


def part_name(text: str) -> str:
    """Return what a period says besides its year: `September`, or nothing."""
    name = " ".join(YEAR.sub(" ", text).split()).strip("- ")
    if name.startswith("(") and name.endswith(")"):
        name = name[1:-1]
    return "" if name.casefold() in WHOLE else name


def day_of(text: object) -> date | None:
    """Return the date that a source writes as `YYYY-MM-DD…`, if it is one."""
    if not isinstance(text, str):
        return None
    try:
        day = date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
    return day if day.year >= 1950 else None
