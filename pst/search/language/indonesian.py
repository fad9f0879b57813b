"""Indonesian words as people type them: tokens, stems, stop-words, slang."""

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

from pst.reference_lists import DATA
from pst.text.normalization import normalize

from . import chat

WORD = re.compile(r"[^\W_]+")
STEMMABLE = re.compile(r"[a-z]{4,}")
VOWELS = re.compile("[aiueo]")
REPEATED = re.compile(r"([a-z])\1+")
DOUBLED = re.compile(r"([a-z]{2,})2([a-z]{0,3})")
CORRECTABLE = re.compile(r"[a-z]{3,24}")

# Spelling variants that the dictionary allows or that are often confused.
VARIANTS = {
    "aktifitas": "aktivitas",
    "analisa": "analisis",
    "antrean": "antrian",
    "apotik": "apotek",
    "ijazah": "ijasah",
    "ijin": "izin",
    "jadual": "jadwal",
    "karir": "karier",
    "kuisioner": "kuesioner",
    "kwitansi": "kuitansi",
    "metoda": "metode",
    "nasehat": "nasihat",
    "obyek": "objek",
    "pedesaan": "perdesaan",
    "praktek": "praktik",
    "propinsi": "provinsi",
    "prosentase": "persentase",
    "resiko": "risiko",
    "sistim": "sistem",
    "standart": "standar",
    "statistika": "statistik",
    "subyek": "subjek",
    "tehnik": "teknik",
    "tehnologi": "teknologi",
    "tarip": "tarif",
}

# Words that say how something is asked, not what is asked about.
_FORMAL_STOP_WORDS = frozenset((DATA / "stop_words.txt").read_text().split())
STOP_WORDS = _FORMAL_STOP_WORDS.union(
    spelling
    for spelling, formal in chat.FORMAL.items()
    if _FORMAL_STOP_WORDS.issuperset(formal)
)
# Words of courtesy and chat, Indonesian and Javanese, which ask nothing themselves.
CHAT_WORDS = frozenset((DATA / "chat_words.txt").read_text().split())
# Words of other offices and of everyday life: a query with one is mostly about
# something that no statistics office answers. Two words in a row are joined by "_".
EVERYDAY_WORDS = frozenset((DATA / "everyday_words.txt").read_text().split())

# Colloquial verbs: "nyari" is "cari", "ngitung" is "hitung", "mbayar" is "bayar".
NASALS = (
    ("menge", ("",)),
    ("nge", ("", "e")),
    ("ng", ("", "k", "h")),
    ("ny", ("c", "s", "j")),
    ("n", ("t", "d")),
    ("mb", ("b",)),
    ("m", ("p", "b")),
)
# Formal affixes beyond the stemmer's reach, as in "penyurveian" from "survei".
PREFIXES = (
    ("memper", ("",)),
    ("diper", ("",)),
    ("penge", ("",)),
    ("menge", ("",)),
    ("peng", ("", "k", "h")),
    ("meng", ("", "k", "h")),
    ("peny", ("s", "c")),
    ("meny", ("s", "c")),
    ("pem", ("b", "p", "")),
    ("mem", ("b", "p", "")),
    ("pen", ("t", "d", "")),
    ("men", ("t", "d", "")),
    ("per", ("", "r")),
    ("ber", ("", "r")),
    ("ter", ("", "r")),
    ("antar", ("",)),
    ("pe", ("",)),
    ("me", ("",)),
    ("di", ("",)),
    ("ke", ("",)),
    ("se", ("",)),
)
SUFFIXES = ("nya", "kan", "an", "i", "lah", "kah", "ku", "mu")
ENDINGS = (("in", ("", "kan", "i")), ("nya", ("",)), ("an", ("",)), ("ku", ("",)))

_local = threading.local()


def fold(text: str) -> str:
    """Return `text` in lower case without accents, control characters or surrogates."""
    text = text.encode("utf-8", "ignore").decode("utf-8")
    text = normalize(text, "NFKD").casefold()
    return "".join(c for c in text if not unicodedata.combining(c) and c != "\0")


def words(text: str) -> list[str]:
    """Return the folded words of `text`, split as the full-text index splits them."""
    return WORD.findall(text.lower() if text.isascii() else fold(text))


@lru_cache(maxsize=1 << 17)
def stem(word: str) -> str:
    """Return the root of one folded word; numbers, codes and short words stay whole."""
    word = VARIANTS.get(word, word)
    if not STEMMABLE.fullmatch(word):
        return word
    # The stemmer is not safe to share between threads.
    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer.Stemmer("indonesian")
    root = _local.stemmer.stemWord(word)
    return VARIANTS.get(root, root)


def stems(text: str) -> list[str]:
    """Return the roots of the words of `text`, in order."""
    return [stem(word) for word in words(text)]


def replace_words(text: str, means: dict[str, str]) -> str:
    """Return `text` with the words whose folded form is in `means` replaced."""

    def replaced(match: re.Match[str]) -> str:
        return means.get(fold(match[0]), match[0])

    return WORD.sub(replaced, text)


def is_stop_word(word: str) -> bool:
    return word in STOP_WORDS


def is_chat_word(word: str) -> bool:
    return word in CHAT_WORDS


def everyday_words(read: list[str]) -> set[str]:
    """Return the words of `read` about everyday life, alone or with the next word."""
    pairs = zip(read, read[1:], strict=False)
    in_pairs = {
        word for pair in pairs if "_".join(pair) in EVERYDAY_WORDS for word in pair
    }
    return in_pairs.union(
        word for word in read if not EVERYDAY_WORDS.isdisjoint((word, stem(word)))
    )


def can_be_corrected(word: str) -> bool:
    """Return whether `word` may be a mistake: not a number, code or foreign script."""
    return CORRECTABLE.fullmatch(word) is not None


def consonants(word: str) -> str:
    """Return `word` without its vowels, as in "sttstk" for "statistik"."""
    return VOWELS.sub("", word)


def vowels_left_out(word: str, form: str) -> bool:
    """Return whether `word` is `form` without some of its vowels."""
    letters = iter(form)
    return (
        word[0] == form[0]
        and consonants(word) == consonants(form)
        and all(letter in letters for letter in word)
    )


def without_repeats(word: str) -> list[str]:
    """Return readings of a word with repeats, as in "apaa" and "macam2"."""
    if doubled := DOUBLED.fullmatch(word):
        return [doubled[1] + doubled[2], doubled[1]]
    if not REPEATED.search(word):
        return []
    forms = REPEATED.sub(r"\1", word), REPEATED.sub(r"\1\1", word)
    return [form for form in forms if len(form) > 1]


def colloquial(word: str) -> list[str]:
    """Return formal words that the colloquial `word` may mean, likeliest first."""
    forms = []
    for base in (word, *_without_ending(word)):
        if base != word:
            forms.append(base)
        for nasal, starts in NASALS:
            if base.startswith(nasal) and len(base) > len(nasal) + 2:
                forms += [start + base[len(nasal) :] for start in starts]
    return [form for form in dict.fromkeys(forms) if len(form) > 2]


def bases(word: str) -> list[str]:
    """Return words from which formal affixes may build `word`."""
    forms = [word]
    for _ in range(2):
        forms += [
            form[: -len(suffix)]
            for form in forms
            for suffix in SUFFIXES
            if form.endswith(suffix)
        ]
    for form in list(forms):
        for prefix, starts in PREFIXES:
            if form.startswith(prefix):
                forms += [start + form[len(prefix) :] for start in starts]
    return [form for form in dict.fromkeys(forms) if form != word and len(form) > 3]


def halves(word: str) -> list[tuple[str, str]]:
    """Return the ways to read `word` as two words written together."""
    return [(word[:cut], word[cut:]) for cut in range(3, len(word) - 2)]


def _without_ending(word: str) -> list[str]:
    return [
        word[: -len(ending)] + formal
        for ending, forms in ENDINGS
        if word.endswith(ending) and len(word) > len(ending) + 2
        for formal in forms
    ]
