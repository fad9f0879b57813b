"""What a person wrote about an activity, as terms with what each may stand for."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log

from sqlalchemy.engine import Connection

from pst.classifications.activities import words as activity_words
from pst.classifications.activities.index import EMPTY_WORDS
from pst.classifications.activities.words import Stems
from pst.search.language import indonesian, spelling
from pst.search.storage.index import ask

MAX_CHARACTERS, MAX_WORDS, MAX_TERMS = 2_000, 60, 16
MIN_CORRECTED_LENGTH, NEAR_WORDS = 4, 400
CORRECTED = 0.8
# A word of the deed finds a code by its kind, and weighs less by itself.
DEED_WEIGHT = 0.45
# A word that no code has tells none of them apart.
UNKNOWN_WEIGHT = 0.4
COUNTS = "SELECT term, doc FROM code_index_vocabulary WHERE term IN (*)"
NEAR = (
    "SELECT term, doc FROM code_index_vocabulary WHERE term >= ? AND term < ? "
    "AND length(term) BETWEEN ? AND ? ORDER BY doc DESC LIMIT ?"
)
TOTAL = "SELECT count(*) FROM code_index"


@dataclass
class ActivityTerm:
    """One word, with the stems that satisfy it and how well they do."""

    word: str
    alternatives: dict[Stems, float] = field(default_factory=dict)
    weight: float = 0.0
    is_deed: bool = False

    def add(self, stems: Stems, quality: float) -> None:
        self.alternatives[stems] = max(quality, self.alternatives.get(stems, 0.0))


class ActivityQuery:
    """The terms of a phrase such as *jualan nasi goreng gerobak*, by their rarity."""

    def __init__(self, connection: Connection, text: str) -> None:
        self._connection = connection
        words = indonesian.words(text[:MAX_CHARACTERS])[:MAX_WORDS]
        self._words = [word[:40] for word in words if not self._is_empty(word)]
        self._stems = list(map(indonesian.stem, self._words))
        self.deed = self._deed()
        self.corrected: dict[str, str] = {}
        self.terms = [ActivityTerm(word) for word in dict.fromkeys(self._words)]
        self._fill()
        self._weigh()
        self.terms = sorted(self.terms, key=lambda term: -term.weight)[:MAX_TERMS]

    @property
    def weight(self) -> float:
        return sum(term.weight for term in self.terms)

    @property
    def match(self) -> str:
        """Return an FTS5 expression for any of the alternatives."""
        phrases = dict.fromkeys(
            '"' + " ".join(stems).replace('"', '""') + '"'
            for term in self.terms
            if term.weight
            for stems in term.alternatives
        )
        return " OR ".join(phrases)

    def _is_empty(self, word: str) -> bool:
        stem = indonesian.stem(word)
        if stem in activity_words.known_stems():
            return False
        is_manners = indonesian.is_stop_word(word) or indonesian.is_chat_word(word)
        is_about_codes = (stem,) in activity_words.about_codes()
        return is_manners or is_about_codes or stem in EMPTY_WORDS or len(word) < 2

    def _spans(self) -> Iterable[tuple[int, int, Stems]]:
        """Yield the words in a row, the longest first."""
        for size in range(activity_words.MAX_TERM_LENGTH, 0, -1):
            for at in range(len(self._stems) - size + 1):
                yield at, at + size, tuple(self._stems[at : at + size])

    def _deed(self) -> str | None:
        """Return what is done: the surest word for it, the earliest of several."""
        deeds = activity_words.deeds()
        own_deeds = [deeds[stems] for _, _, stems in self._spans() if stems in deeds]
        counts = Counter(own_deeds)
        for sure in ("wholesale", "repair", "rent", "cook"):
            if counts[sure]:
                return sure
        return own_deeds[0] if own_deeds else None

    def _fill(self) -> None:
        by_word = {term.word: term for term in self.terms}
        counts = self._counts([(indonesian.stem(word),) for word in by_word])
        for word, term in by_word.items():
            stem = indonesian.stem(word)
            term.is_deed = (stem,) in activity_words.deeds()
            term.add((stem,), 1.0)
            term.add((word,), 1.0)
            if not counts.get(stem) and stem not in activity_words.known_stems():
                self._read_otherwise(term)
        positions: set[int] = set()
        for start, end, stems in self._spans():
            others = activity_words.meanings().get(stems, [])
            if not others or positions.issuperset(range(start, end)):
                continue
            positions.update(range(start, end))
            for word in self._words[start:end]:
                for other, quality in others:
                    by_word[word].add(other, quality)

    def _read_otherwise(self, term: ActivityTerm) -> None:
        """Read an unknown word as one with other affixes, or as a mistake."""
        forms = indonesian.bases(term.word) + indonesian.colloquial(term.word)
        counts = self._counts([(form,) for form in forms])
        for form in forms:
            if counts.get(form) or form in activity_words.known_stems():
                term.add((indonesian.stem(form),), CORRECTED)
                return
        if len(term.word) < MIN_CORRECTED_LENGTH or not term.word.isascii():
            return
        start, length = term.word[0], len(term.word)
        limits = (start, start + "\U0010ffff", length - 2, length + 2, NEAR_WORDS)
        rows = self._connection.exec_driver_sql(NEAR, limits)
        near = [(form, count) for form, count in rows]
        for form, quality, _ in spelling.rank(term.word, near)[:1]:
            term.add((indonesian.stem(form),), quality)
            self.corrected[term.word] = form

    def _counts(self, terms: list[Stems]) -> dict[str, int]:
        words = sorted({word for stems in terms for word in stems})
        return {term: count for term, count in ask(self._connection, COUNTS, words)}

    def _weigh(self) -> None:
        """Weigh each term by how few codes have what it may stand for."""
        total = self._connection.exec_driver_sql(TOTAL).scalar_one()
        stems = [stems for term in self.terms for stems in term.alternatives]
        counts = self._counts(stems)
        for term in self.terms:
            weights = [
                min(counts.get(stem, 0) for stem in stems)
                for stems, quality in term.alternatives.items()
                if quality >= 0.5
            ]
            count = max(weights, default=0)
            term.weight = log(1 + (total - count + 0.5) / (count + 0.5)) if total else 0
            if term.is_deed:
                term.weight *= DEED_WEIGHT
            elif not count:
                term.weight *= UNKNOWN_WEIGHT
