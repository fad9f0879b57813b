"""What somebody typed, read as slots: one for each word, with all it may stand for."""

import math
import re
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from . import indonesian, spelling, synonyms
from .index import STEM, WORD

SLOTS = 24
CHARACTERS_READ = 4_000
WORDS_READ = 120
LONGEST_WORD = 40
STOP_WORD_WEIGHT = 0.5
COLLOQUIAL_WEIGHT = 0.9
COMPLETED_WEIGHT = 0.7
SHORTEST_START = 3

# A year or a small number that no article has says nothing about what is asked.
UNTELLING = re.compile(r"\d{1,2}|(19|20)\d\d")
# From here on a word mended to a stop-word is taken for one.
SURE = 0.75

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
        self.text = text[:CHARACTERS_READ]
        read = indonesian.words(self.text)[:WORDS_READ]
        self._typed = [word[:LONGEST_WORD] for word in read]
        self._slots = {
            word: Slot(word, indonesian.is_stop_word(word)) for word in self._typed
        }
        self._count(list(self._slots))
        is_unfinished = prefix and self.text[-1:].isalnum()
        self._unfinished = self._typed[-1] if self._typed and is_unfinished else None
        self._fill()
        self.slots = self._weigh()

    @property
    def mended(self) -> str | None:
        """What was typed with the mistakes mended; None when there were none."""
        means = {s.word: s.mended for s in self._slots.values() if s.mended}
        if not means:
            return None
        return indonesian.replace_words(self.text, means)

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
        """Give every slot its alternatives."""
        reading = {}
        for word, slot in self._slots.items():
            slot.add((word,), 1.0)
            completed = word == self._unfinished and self._complete(slot)
            if completed or slot.is_stop_word or self._occurs(word):
                reading[word] = word
            else:
                reading[word] = self._mend(slot)
        self._join_pairs()
        self._expand([reading[word] for word in self._typed])
        alternatives = [a for s in self._slots.values() for a in s.alternatives]
        self._count([word for a in alternatives for word in a.words])

    def _complete(self, slot: Slot) -> bool:
        """Let the word being typed stand for those that begin so."""
        if len(slot.word) < SHORTEST_START:
            return False
        forms = spelling.completions(self._connection, slot.word)
        for form in forms:
            slot.add((form,), COMPLETED_WEIGHT)
        return bool(forms)

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
        found = [
            (form, quality, trust)
            for form, quality, trust in spelling.nearest(self._connection, slot.word)
            # "Kapal" is no mistake for "kapan", but "bagaimna" is one.
            if trust >= SURE or not indonesian.is_stop_word(form)
        ]
        for form, quality, trust in found:
            slot.add((form,), quality, trust)
        if not found or found[0][1] < spelling.WEIGHTS[1]:
            self._split(slot)
        if not found:
            slot.is_stop_word = spelling.meant_stop_word(slot.word)
            return slot.word
        slot.mended, _, trust = found[0]
        if trust >= SURE:
            slot.is_stop_word = indonesian.is_stop_word(slot.mended)
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
        pairs = list(zip(self._typed, self._typed[1:], strict=False))
        self._count([first + second for first, second in pairs])
        for first, second in pairs:
            if self._counts[WORD, first + second]:
                for word in (first, second):
                    self._slots[word].add((first + second,), COLLOQUIAL_WEIGHT)

    def _expand(self, reading: list[str]) -> None:
        for expansion in self._groups.expand(reading):
            for word in self._typed[expansion.start : expansion.end]:
                slot = self._slots[word]
                slot.add(expansion.words, expansion.weight)
                # Abbreviations and their long forms are the office's own terms.
                slot.is_name |= expansion.is_name

    def _weigh(self) -> list[Slot]:
        """Weigh the slots, and keep those that tell most."""
        slots = list(self._slots.values())
        for slot in slots:
            counts = [self.articles(a) for a in slot.alternatives if a.quality >= 0.6]
            slot.articles = min(max(counts, default=0), self.totals.articles)
            slot.weight = self.totals.rarity(slot.articles)
            if slot.is_stop_word:
                slot.weight *= STOP_WORD_WEIGHT if slot.articles else 0
            elif slot.mended:
                slot.mass = self.totals.rarity(0)
            elif slot.articles or not UNTELLING.fullmatch(slot.word):
                slot.mass = slot.weight
        if len(slots) > SLOTS:
            telling = sorted(slots, key=lambda s: (not s.articles, -s.weight))[:SLOTS]
            slots = [slot for slot in slots if slot in telling]
        return slots
