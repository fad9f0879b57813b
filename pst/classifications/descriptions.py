"""What a description covers, what it names as elsewhere, and its examples."""

import re
from dataclasses import dataclass

EXCLUDING = re.compile(r"\btidak\s+(?:mencakup|termasuk|meliputi)\b|\bkecuali\b", re.I)
INCLUDING = re.compile(
    r"(?:(?:sub\s?)?(?:kelompok|golongan|kategori|kelas|divisi|komoditas)(?:\s+pokok)?"
    r"\s+ini(?:\s+juga)?|termasuk(?:\s+juga)?)\b(?!\s+tidak)",
    re.I,
)
# An aside of its own within a sentence: "padi (tidak termasuk benih)".
ASIDE = re.compile(r"\s*\([^()]{0,600}\)")
# Sentences end here; "dll." and "lihat 47.11" do not.
SENTENCE = re.compile(r"(?<=[.;:!?])\s+(?=[A-Z(“\"•*-])|\n+")
LISTING = re.compile(
    r"\b(?:seperti(?:\s+halnya)?|misalnya|misal|antara\s+lain|contoh(?:nya)?(?:\s+adalah)?"
    r"|yaitu|yakni|termasuk)\s*:?\s+",
    re.I,
)
BETWEEN = re.compile(r"\s*(?:,|;|\n|•|\bdan/atau\b|\bserta\b|\bdan\b|\batau\b)\s*")
ENDS = re.compile(r"\b(?:yang|dengan|untuk|oleh|dll|dsb|lainnya|sebagainya)\b.*$", re.I)
REFERENCE = re.compile(r"(?<![\w.])(?:[A-V]|\d{2,5}|\d{7}|\d{10})(?![\w%]|[.,]\d)")
POINTING = re.compile(
    r"\b(?:lihat|kode|kelompok|golongan|subgolongan|kategori|masuk|dicakup\s+di)"
    r"(?:\s+(?:pokok|ke|dalam|di|pada|KBLI|subgolongan|kelompok|golongan|kategori))*"
    r"\s+((?:[A-V]|\d{2,10})(?:\s*(?:,|dan|atau|s\.?d\.?|-)\s*(?:[A-V]|\d{2,10}))*)\b(?!\.\d)"
    r"|\(\s*(?:lihat\s+)?((?:[A-V]|\d{2,10})(?:\s*[,;]\s*\d{2,10})*)\s*\)"
)
MAX_EXAMPLES, MAX_EXAMPLE_LENGTH = 40, 80


@dataclass(frozen=True)
class Description:
    """A description in its parts."""

    covers: str
    excludes: str
    examples: tuple[str, ...]


def split(text: str) -> Description:
    """Split a description: its own words *tidak mencakup* begin what is elsewhere."""
    covers: list[str] = []
    excludes: list[str] = []
    is_outside = False
    for sentence in filter(None, map(str.strip, SENTENCE.split(text))):
        starts_inside = INCLUDING.match(sentence) and not _excludes(sentence)
        if _excludes(sentence):
            inside, outside, is_outside = _cut(sentence)
            covers += inside
            excludes += outside
        elif starts_inside or not is_outside:
            is_outside = False
            covers.append(sentence)
        else:
            excludes.append(sentence)
    included = "\n".join(covers)
    return Description(included, "\n".join(excludes), examples_in(included))


def own_words(text: str) -> str:
    """Return a title or sentence without what it says to be elsewhere."""
    without_asides = ASIDE.sub(
        lambda aside: "" if EXCLUDING.search(aside[0]) else aside[0], text
    )
    match = EXCLUDING.search(without_asides) or re.search(
        r"\b(?:selain|bukan)\b", without_asides, re.I
    )
    return (without_asides[: match.start()] if match else without_asides).strip(" ,;")


def examples_in(text: str) -> tuple[str, ...]:
    """Return what a description lists after *seperti*, *misalnya* and the like."""
    examples: dict[str, None] = {}
    for sentence in SENTENCE.split(text):
        for part in LISTING.split(own_words(sentence))[1:]:
            for item in BETWEEN.split(part):
                words = ENDS.sub("", item).strip(' .:()"“”-*')
                if 2 < len(words) <= MAX_EXAMPLE_LENGTH:
                    examples[words] = None
    return tuple(examples)[:MAX_EXAMPLES]


def pieces(text: str) -> list[tuple[str, bool]]:
    """Return a text in pieces; true of those that are codes it points to."""
    cut: list[tuple[str, bool]] = []
    before = 0
    for match in POINTING.finditer(text):
        group = 1 if match[1] else 2
        start, end = match.span(group)
        for code in REFERENCE.finditer(text, start, end):
            cut += [(text[before : code.start()], False), (code[0], True)]
            before = code.end()
    return [*cut, (text[before:], False)]


def references(text: str) -> list[str]:
    """Return the codes that a text points to, in order ("lihat 0128")."""
    return list(dict.fromkeys(words for words, is_code in pieces(text) if is_code))


def _excludes(sentence: str) -> bool:
    return EXCLUDING.search(sentence) is not None


def _cut(sentence: str) -> tuple[list[str], list[str], bool]:
    """Return what a sentence covers, what not, and whether the next may go on so."""
    asides = [aside for aside in ASIDE.findall(sentence) if _excludes(aside)]
    rest = sentence
    for aside in asides:
        rest = rest.replace(aside, "", 1)
    outside = [aside.strip(" ()") for aside in asides]
    match = EXCLUDING.search(rest)
    if match is None:
        return [rest], outside, False
    before = rest[: match.start()].strip(" ,;")
    opens = INCLUDING.match(before) and len(before.split()) <= 5
    is_whole = not before or bool(opens) or len(before.split()) <= 3
    if is_whole:
        return [], [*outside, rest], True
    return [before + "."], [*outside, rest[match.start() :].strip()], False
