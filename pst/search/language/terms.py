"""The terms of a query: one for each word, with all it may stand for."""

import math
from dataclasses import dataclass, field

from . import indonesian

# A corrected word that is less like what was typed may as well be another word.
SURE_LIKENESS = 0.5


@dataclass(frozen=True)
class Alternative:
    """Words in a row that satisfy a term, and how well they do (0 to 1).

    `trust` is how sure it is that they were meant. It is less than `quality` for a
    corrected word, which helps to order answers but is weak evidence of one.
    """

    words: tuple[str, ...]
    quality: float
    trust: float

    @property
    def stems(self) -> tuple[str, ...]:
        return tuple(map(indonesian.stem, self.words))


@dataclass
class Term:
    """One word of the query."""

    word: str
    is_stop_word: bool
    alternatives: list[Alternative] = field(default_factory=list)
    documents: int = 0
    weight: float = 0.0
    idf_weight: float = 0.0
    is_name: bool = False
    is_everyday: bool = False
    is_place: bool = False
    is_region: bool = False
    is_time: bool = False
    # Whether it is a word of courtesy or chat ("kak", "tolong"), which asks nothing.
    is_chat_word: bool = False
    # Whether it only says for which place or time something is asked.
    narrows: bool = False
    corrected: str | None = None
    # How sure it is that the word was read right: less for a corrected one.
    trust: float = 1.0
    # How much a corrected word resembles what was typed.
    likeness: float = 1.0

    @classmethod
    def of(cls, word: str) -> "Term":
        """Return the term of one folded word, as it is without its context."""
        return cls(
            word,
            indonesian.is_stop_word(word),
            is_chat_word=indonesian.is_chat_word(word),
        )

    @property
    def needs_no_correction(self) -> bool:
        """Return whether it is a stop-word, a place or a time, so no mistake."""
        return (
            self.is_stop_word
            or self.is_chat_word
            or self.is_place
            or self.is_region
            or self.is_time
        )

    @property
    def is_surely_read(self) -> bool:
        """Return whether it was not corrected, or to what is hardly another word.

        "Pari" is no mistake for "padi", nor "kentang" for "kenanga".
        """
        return self.corrected is None or self.likeness >= SURE_LIKENESS

    def stand_for(self, words: tuple[str, ...]) -> None:
        """Read the word, one of chat, as the formal `words`."""
        self.add(words, 1.0)
        self.is_stop_word |= all(map(indonesian.is_stop_word, words))
        self.is_chat_word |= all(map(indonesian.is_chat_word, words))

    def add(
        self, words: tuple[str, ...], quality: float, trust: float | None = None
    ) -> None:
        if all(each.words != words for each in self.alternatives):
            sure = quality if trust is None else trust
            self.alternatives.append(Alternative(words, quality, sure))


@dataclass(frozen=True)
class Totals:
    """How much the index holds."""

    documents: int
    title_length: int
    body_length: int

    def rarity(self, documents: int) -> float:
        """Return the weight of a word that occurs in so many documents (BM25 idf)."""
        return math.log(1 + (self.documents - documents + 0.5) / (documents + 0.5))
