"""The slots of a question: one for each word, with all it may stand for."""

import math
from dataclasses import dataclass, field

from . import indonesian


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
    is_everyday: bool = False
    is_place: bool = False
    is_region: bool = False
    is_time: bool = False
    # Whether it only says for which place or time something is asked.
    narrows: bool = False
    mended: str | None = None
    # How sure it is that the word was read right: less for a mended one.
    trust: float = 1.0

    @property
    def is_where_or_when(self) -> bool:
        """Whether it names a place or a time, and so is no mistake for a word."""
        return self.is_place or self.is_region or self.is_time

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
