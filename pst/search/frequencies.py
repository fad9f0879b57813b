"""How often words and stems occur in the index, read once for each query."""

from collections.abc import Collection

from sqlalchemy.engine import Connection

from . import indonesian
from .index import ask
from .terms import Alternative
from .word_counts import STEM, WORD

COUNTS = (
    "SELECT kind, form, documents FROM search_word "
    "WHERE kind = 0 AND form IN (*) UNION ALL "
    "SELECT kind, form, documents FROM search_word "
    "WHERE kind = 1 AND form IN (*)"
)


class Frequencies:
    """Document frequencies of words and stems, read when they are needed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._counts: dict[tuple[int, str], int] = {}

    def look_up(self, forms: Collection[str]) -> None:
        """Read the counts of `forms` and of their stems in one statement."""
        words = [form for form in forms if (WORD, form) not in self._counts]
        if not words:
            return
        roots = {indonesian.stem(form) for form in words}
        self._counts.update({(WORD, form): 0 for form in words})
        for kind, form, documents in ask(self._connection, COUNTS, words, roots):
            self._counts[kind, form] = documents

    def of_word(self, word: str) -> int:
        """Return in how many documents exactly `word` occurs."""
        self.look_up([word])
        return self._counts[WORD, word]

    def occurs(self, word: str) -> bool:
        """Return whether `word` or its stem occurs in any document."""
        return bool(
            self.of_word(word) or self._counts.get((STEM, indonesian.stem(word)))
        )

    def of(self, alternative: Alternative) -> int:
        """Return in how many documents `alternative` occurs, at most."""
        return min(
            max(self._counts.get((WORD, word), 0), self._counts.get((STEM, root), 0))
            for word, root in zip(alternative.words, alternative.stems, strict=True)
        )
