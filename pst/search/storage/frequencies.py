"""How often words and stems occur in the index, read once for each query."""

from collections.abc import Collection

from sqlalchemy.engine import Connection

from pst.search.language import indonesian
from pst.search.language.terms import Alternative

from .documents import DocumentKind
from .index import ask
from .word_counts import STEM, WORD

COUNTS = (
    "SELECT kind & 1, form, documents FROM search_word "
    "WHERE kind IN (*) AND form IN (*) UNION ALL "
    "SELECT kind & 1, form, documents FROM search_word "
    "WHERE kind IN (*) AND form IN (*)"
)
ELSEWHERE = "SELECT 1 FROM search_word WHERE kind IN (*) AND form IN (*) LIMIT 1"


class Frequencies:
    """Document frequencies of words and stems, read when they are needed."""

    def __init__(self, connection: Connection, kind: DocumentKind) -> None:
        self._connection = connection
        self._kind = kind
        self._forms = kind.word_forms
        self._counts: dict[tuple[int, str], int] = {}

    def look_up(self, forms: Collection[str]) -> None:
        """Read the counts of `forms` and of their stems in one statement."""
        words = [form for form in forms if (WORD, form) not in self._counts]
        if not words:
            return
        roots = {indonesian.stem(form) for form in words}
        self._counts.update({(WORD, form): 0 for form in words})
        of_words, of_stems = self._forms
        counts = ask(self._connection, COUNTS, [of_words], words, [of_stems], roots)
        for kind, form, documents in counts:
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

    def occurs_elsewhere(self, word: str) -> bool:
        """Return whether `word` occurs in documents of another kind."""
        kinds = self._kind.word_forms_of_others
        return bool(ask(self._connection, ELSEWHERE, kinds, [word]))

    def of(self, alternative: Alternative) -> int:
        """Return in how many documents `alternative` occurs, at most."""
        return min(
            max(self._counts.get((WORD, word), 0), self._counts.get((STEM, root), 0))
            for word, root in zip(alternative.words, alternative.stems, strict=True)
        )
