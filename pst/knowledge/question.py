"""What somebody typed, read as slots: one for each word, with all it may stand for."""

import math
import re
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from . import indonesian, spelling, synonyms
from .index import STEM, WORD

SLOTS = 24
WORDS_READ = 120
LONGEST_WORD = 40
STOP_WORD_WEIGHT = 0.5
COLLOQUIAL_WEIGHT = 0.9
COMPLETED_WEIGHT = 0.7
SHORTEST_START = 3

# A year or a small number that no article has says nothing about what is asked.
UNTELLING = re.compile(r"\d{1,2}|(19|20)\d\d")
# From here on a mended word is taken for the word that was meant.
SURE = 0.64

STATE = "SELECT articles, title_length, body_length FROM article_index_state"
COUNTS = sa.text(
    "SELECT kind, form, articles FROM article_index_words "
    "WHERE kind = 0 AND form IN :words UNION ALL "
    "SELECT kind, form, articles FROM article_index_words "
    "WHERE kind = 1 AND form IN :stems"
).bindparams(
    sa.bindparam("words", expanding=True), sa.bindparam("stems", expanding=True)
)


@dataclass(frozen=True)
class Alternative:
    """Words that satisfy a slot, in a row, and how well they do (0 to 1).

    `trust` is how sure it is that they were meant: less than `quality` for a mended
    word, which helps to order answers but hardly to say that there is one.
    """

    words: tuple[str, ...]
    quality: float
    trust: float

    @property
    def stems(self) -> tuple[str, ...]:
        return tuple(map(indonesian.stem, self.words))


@dataclass
class Slot:
    """One word of the question."""

    word: str
    is_stop_word: bool
    alternatives: list[Alternative] = field(default_factory=list)
    articles: int = 0
    weight: float = 0.0
    mass: float = 0.0
    is_name: bool = False
    mended: str | None = None
    is_doubtful: bool = False

    def add(
        self, words: tuple[str, ...], quality: float, trust: float | None = None
    ) -> None:
        if all(known.words != words for known in self.alternatives):
            sure = quality if trust is None else trust
            self.alternatives.append(Alternative(words, quality, sure))


@dataclass(frozen=True)
class Totals:
    """How much the index holds."""

    articles: int
    title_length: int
    body_length: int

    def rarity(self, articles: int) -> float:
        """The weight of a word that occurs in so many articles (BM25's idf)."""
        return math.log(1 + (self.articles - articles + 0.5) / (articles + 0.5))


class Question:
    """The slots of what somebody typed, weighed by how rare their words are."""

    def __init__(self, connection: Connection, text: str, prefix: bool = False) -> None:
        self._connection = connection
        self._counts: dict[tuple[int, str], int] = {}
        self.totals = Totals(*connection.exec_driver_sql(STATE).one())
        self._groups = synonyms.load(connection)
        typed = [word[:LONGEST_WORD] for word in indonesian.words(text[:4000])]
        typed = list(dict.fromkeys(typed[:WORDS_READ]))
        self._count(typed)
        self.last = typed[-1] if typed and prefix and text[-1:].isalnum() else None
        self.slots = [Slot(word, indonesian.is_stop_word(word)) for word in typed]
        self._fill()
        self._weigh()

    @property
    def mended(self) -> bool:
        return any(slot.mended for slot in self.slots)

    def articles(self, alternative: Alternative) -> int:
        """In how many articles `alternative` occurs, at most."""
        return min(
            max(self._counts.get((WORD, word), 0), self._counts.get((STEM, root), 0))
            for word, root in zip(alternative.words, alternative.stems, strict=True)
        )

    def _count(self, forms: list[str]) -> None:
        """Look up how often `forms` and their stems occur."""
        words = [form for form in forms if (WORD, form) not in self._counts]
        if not words:
            return
        roots = {indonesian.stem(form) for form in words}
        self._counts.update({(WORD, form): 0 for form in words})
        for kind, form, articles in self._connection.execute(
            COUNTS, {"words": words, "stems": list(roots)}
        ):
            self._counts[kind, form] = articles

    def _occurs(self, word: str) -> bool:
        self._count([word])
        known = self._counts[WORD, word]
        return bool(known or self._counts.get((STEM, indonesian.stem(word))))

    def _fill(self) -> None:
        reading = []
        for at, slot in enumerate(self.slots):
            slot.add((slot.word,), 1.0)
            reading.append(slot.word)
            if slot.word == self.last and len(slot.word) >= SHORTEST_START:
                for form in spelling.completions(self._connection, slot.word):
                    slot.add((form,), COMPLETED_WEIGHT)
            elif not (slot.is_stop_word or self._occurs(slot.word)):
                reading[at] = self._mend(slot)
        self._join_pairs()
        self._expand(reading)
        self._count([w for s in self.slots for a in s.alternatives for w in a.words])

    def _mend(self, slot: Slot) -> str:
        """Find what an unknown word may stand for; the likeliest single word."""
        if self._groups.knows(slot.word):
            return slot.word
        forms = indonesian.bases(slot.word) + indonesian.colloquial(slot.word)
        self._count(forms)
        for form in forms:
            if self._occurs(form) or self._groups.knows(form):
                slot.add((form,), COLLOQUIAL_WEIGHT)
                return form
        found = spelling.nearest(self._connection, slot.word)
        for form, quality, trust in found:
            slot.add((form,), quality, trust)
        if not found or found[0][1] < spelling.WEIGHTS[1]:
            self._split(slot)
        if not found:
            return slot.word
        slot.mended, _, trust = found[0]
        slot.is_doubtful = trust < SURE
        slot.is_stop_word = not slot.is_doubtful and indonesian.is_stop_word(
            slot.mended
        )
        return slot.mended

    def _split(self, slot: Slot) -> None:
        """Read a word as two that are both known, if it can be so read."""
        pairs = indonesian.halves(slot.word) if slot.word.isalpha() else []
        self._count([half for pair in pairs for half in pair])
        known = [pair for pair in pairs if all(map(self._occurs, pair))]
        if known:
            best = max(known, key=lambda p: min(self._counts[WORD, h] for h in p))
            slot.add(best, COLLOQUIAL_WEIGHT)

    def _join_pairs(self) -> None:
        """Let two words typed apart also be found written as one."""
        pairs = list(zip(self.slots, self.slots[1:], strict=False))
        self._count([a.word + b.word for a, b in pairs])
        for first, second in pairs:
            joined = first.word + second.word
            if self._counts[WORD, joined]:
                first.add((joined,), COLLOQUIAL_WEIGHT)
                second.add((joined,), COLLOQUIAL_WEIGHT)

    def _expand(self, reading: list[str]) -> None:
        for expansion in self._groups.expand(reading):
            for slot in self.slots[expansion.start : expansion.end]:
                slot.add(expansion.words, expansion.weight)
                # Abbreviations and their long forms are the office's own terms.
                slot.is_name |= expansion.is_name

    def _weigh(self) -> None:
        for slot in self.slots:
            counts = [self.articles(a) for a in slot.alternatives if a.quality >= 0.6]
            slot.articles = max(counts, default=0)
            slot.weight = self.totals.rarity(min(slot.articles, self.totals.articles))
            if slot.is_stop_word:
                slot.weight *= STOP_WORD_WEIGHT if slot.articles else 0
            elif slot.mended:
                slot.mass = self.totals.rarity(0)
            elif slot.articles or not UNTELLING.fullmatch(slot.word):
                slot.mass = slot.weight
        if len(self.slots) > SLOTS:
            keep = sorted(self.slots, key=lambda s: (not s.articles, -s.weight))[:SLOTS]
            self.slots = [slot for slot in self.slots if slot in keep]
