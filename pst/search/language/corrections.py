"""What a word that the index lacks may stand for: slang, affixes, mistakes."""

from sqlalchemy.engine import Connection

from pst.search.storage.documents import DocumentKind
from pst.search.storage.frequencies import Frequencies

from . import chat, indonesian, spelling
from .synonyms import Groups
from .terms import Term

COLLOQUIAL_QUALITY = 0.9
# With at least this trust, a word corrected to a stop-word counts as one.
SURE = 0.75
# The trust in a corrected word is this power of its likeness to what was typed.
TRUST_POWER = 0.5
# Correcting a word costs far more than reading it: words after this many are taken as
# they are typed.
MAX_CORRECTIONS = 12


class Corrector:
    """Readings of the unknown words of one query, at most `budget` of them."""

    def __init__(
        self,
        connection: Connection,
        frequencies: Frequencies,
        groups: Groups,
        kind: DocumentKind,
        budget: int = MAX_CORRECTIONS,
    ) -> None:
        self._left = budget
        self._connection = connection
        self._frequencies = frequencies
        self._groups = groups
        self._kind = kind

    def read(self, term: Term) -> str:
        """Add the readings of the unknown word of `term`, and return the likeliest."""
        if term.is_everyday or self._groups.knows(term.word):
            return term.word
        if function_word := spelling.function_word(term.word):
            term.stand_for((function_word,))
            return function_word
        if not self._left:
            return term.word
        self._left -= 1
        return (
            self._without_repeats(term)
            or self._colloquial(term)
            or self._corrected(term)
        )

    def _without_repeats(self, term: Term) -> str | None:
        """Read "padiii", "apaa" and "macam2" as the words they stand for."""
        for form in indonesian.without_repeats(term.word):
            if self._frequencies.occurs(form) or indonesian.is_stop_word(form):
                term.is_stop_word = indonesian.is_stop_word(form)
                term.is_chat_word = indonesian.is_chat_word(form)
                term.add((form,), 1.0)
                term.corrected = form
                return form
        return None

    def _colloquial(self, term: Term) -> str | None:
        """Read the word as one with other affixes, or as a colloquial verb."""
        forms = indonesian.bases(term.word) + indonesian.colloquial(term.word)
        forms += chat.without_javanese_ending(term.word)
        self._frequencies.look_up(forms)
        for form in forms:
            if self._frequencies.occurs(form) or self._groups.knows(form):
                term.add((form,), COLLOQUIAL_QUALITY)
                term.is_stop_word |= indonesian.is_stop_word(form)
                return form
        return None

    def _corrected(self, term: Term) -> str:
        """Read the word as a mistake for the nearest words that are known.

        What stands in documents of another kind, as an area in the titles of tables, is
        no mistake.
        """
        if self._frequencies.occurs_elsewhere(term.word):
            return term.word
        nearest = [
            (form, quality, trust**TRUST_POWER, trust)
            for form, quality, trust in spelling.nearest(
                self._connection, term.word, self._kind
            )
            # "Kapal" is no mistake for "kapan", but "bagaimna" is one.
            if trust >= SURE or not indonesian.is_stop_word(form)
        ]
        for form, quality, trust, _ in nearest:
            term.add((form,), quality, trust)
        if not nearest or nearest[0][1] < spelling.QUALITIES[1]:
            self._split(term)
        if not nearest:
            term.is_stop_word = spelling.meant_stop_word(term.word)
            return term.word
        term.corrected, _, term.trust, term.likeness = nearest[0]
        if term.likeness >= SURE:
            term.is_stop_word = indonesian.is_stop_word(term.corrected)
        return term.corrected

    def _split(self, term: Term) -> None:
        """Read a word as two that are both known, if it can be read so."""
        pairs = indonesian.halves(term.word) if term.word.isalpha() else []
        count = self._frequencies.of_word
        self._frequencies.look_up([half for pair in pairs for half in pair])
        occurring = [p for p in pairs if all(map(self._frequencies.occurs, p))]
        if occurring:
            best = max(occurring, key=lambda pair: min(map(count, pair)))
            term.add(best, COLLOQUIAL_QUALITY)
