"""The query a person typed, as terms weighed by how rare their words are."""

import re
from collections.abc import Collection
from typing import Any

from sqlalchemy.engine import Connection

from pst.search.language import chat, gazetteer, indonesian, spelling, synonyms
from pst.search.language.corrections import (
    COLLOQUIAL_QUALITY,
    MAX_CORRECTIONS,
    Corrector,
)
from pst.search.language.terms import Alternative, Term, Totals
from pst.search.storage.documents import DocumentKind
from pst.search.storage.frequencies import Frequencies
from pst.search.storage.index import ask

MAX_TERMS = 24
MAX_CHARACTERS = 4_000
MAX_WORDS = 120
MAX_WORD_LENGTH = 40
MIN_PREFIX_LENGTH = 3
STOP_WORD_WEIGHT = 0.5
COMPLETED_QUALITY = 0.7
# Alternatives of a lower quality do not say how rare a term is.
MIN_COUNTED_QUALITY = 0.6

# A year or a small number says little about what is asked.
UNTELLING = re.compile(r"\d{1,2}|(19|20)\d\d")

# Every document is about the office's own town, even without naming it.
HOME_WEIGHT = 0.5
# Place and time order the documents that answer, but hardly say which do.
YEAR_WEIGHT, WHERE_AND_WHEN_WEIGHT = 0.5, 0.25

STATE = (
    "SELECT version, documents, title_length, body_length, "
    "(SELECT value FROM office_setting WHERE key = 'city'), "
    "(SELECT group_concat(version) FROM search_state) "
    "FROM search_state WHERE kind IN (*)"
)

NO_DOCUMENTS = ("", 0, 0, 0, None, None)

# Everything that an answer depends on; equal as long as nothing changed.
State = tuple[Any, ...]


def state_of(connection: Connection, kind: DocumentKind) -> State:
    """Return the state of the index of one kind, as a key for cached answers."""
    return tuple(next(iter(ask(connection, STATE, [kind.number])), NO_DOCUMENTS))


def has_documents(state: State) -> bool:
    """Return whether there is anything of the kind that might be found."""
    return bool(state[1])


def _are_stop_words(words: tuple[str, ...]) -> bool:
    return all(map(indonesian.is_stop_word, words))


class Query:
    """The terms of what a person typed, weighed by how rare their words are.

    With `prefix` the last word may be unfinished.
    """

    def __init__(
        self,
        connection: Connection,
        text: str,
        kind: DocumentKind,
        prefix: bool = False,
        state: State | None = None,
        max_corrections: int = MAX_CORRECTIONS,
    ) -> None:
        self._connection = connection
        self._kind = kind
        self._max_corrections = max_corrections
        version, *totals, home, _ = state or state_of(connection, kind)
        self.totals = Totals(*totals)
        self._home = indonesian.words(home or "")
        self._groups = synonyms.load(connection, version)
        self._frequencies = Frequencies(connection, kind)
        self.text = text[:MAX_CHARACTERS]
        words = indonesian.words(self.text)[:MAX_WORDS]
        self._words = [word[:MAX_WORD_LENGTH] for word in words]
        self._by_word = {word: Term.of(word) for word in self._words}
        self._frequencies.look_up(list(self._by_word))
        is_unfinished = prefix and self.text[-1:].isalnum()
        self._unfinished = self._words[-1] if self._words and is_unfinished else None
        self._fill()
        self.terms = self._most_telling(self._weigh())

    @property
    def idf_weight(self) -> float:
        """Return how much is asked, by the rarity of its words."""
        return sum(term.idf_weight for term in self.terms)

    def corrected(self, but: Collection[int] = ()) -> str | None:
        """Return the text with its mistakes corrected; None when there were none.

        `but` are terms that were right after all, such as the name of a village.
        """
        right = {self.terms[at].word for at in but}
        replacements = {
            term.word: term.corrected
            for term in self._by_word.values()
            if term.corrected and term.word not in right
        }
        if not replacements:
            return None
        return indonesian.replace_words(self.text, replacements)

    def documents(self, alternative: Alternative) -> int:
        """Return in how many documents `alternative` occurs, at most."""
        return self._frequencies.of(alternative)

    def _fill(self) -> None:
        """Add the alternatives of every term."""
        reading = {}
        self._note_kinds()
        corrector = Corrector(
            self._connection,
            self._frequencies,
            self._groups,
            self._kind,
            self._max_corrections,
        )
        for word, term in self._by_word.items():
            term.add((word,), 1.0)
            completed = word == self._unfinished and self._complete(term)
            if formal := chat.formal(word):
                term.stand_for(formal)
                reading[word] = " ".join(formal)
                continue
            is_known = term.needs_no_correction or self._frequencies.occurs(word)
            reading[word] = word if completed or is_known else corrector.read(term)
        self._join_pairs()
        self._expand([reading[word] for word in self._words])
        alternatives = [a for term in self._by_word.values() for a in term.alternatives]
        self._frequencies.look_up([word for a in alternatives for word in a.words])

    def _note_kinds(self) -> None:
        """Set which words name a place or time, and which are of everyday life."""
        everyday = indonesian.everyday_words(self._words)
        names = gazetteer.place_names(self._words)
        regions = gazetteer.regions(self._words)
        times = gazetteer.times(self._words)
        around = names | regions | times | gazetteer.kinds_of_place(self._words)
        for word, term in self._by_word.items():
            term.is_everyday = word in everyday
            term.is_place = word in names
            term.is_region = word in regions
            term.is_time = word in times
            term.narrows = word in around or word in self._home

    def _complete(self, term: Term) -> bool:
        """Let the word being typed stand for those it begins; return whether any do."""
        if len(term.word) < MIN_PREFIX_LENGTH:
            return False
        forms = spelling.completions(self._connection, term.word, self._kind)
        for form in forms:
            term.add((form,), COMPLETED_QUALITY)
        return bool(forms)

    def _join_pairs(self) -> None:
        """Let two words typed separately also match when written as one."""
        pairs = list(zip(self._words, self._words[1:], strict=False))
        self._frequencies.look_up([first + second for first, second in pairs])
        for first, second in pairs:
            if self._frequencies.of_word(first + second):
                for word in (first, second):
                    self._by_word[word].add((first + second,), COLLOQUIAL_QUALITY)

    def _expand(self, reading: list[str]) -> None:
        """Add the synonyms of the words as they were read."""
        for expansion in self._groups.expand(reading):
            words = self._words[expansion.start : expansion.end]
            trust = expansion.weight * min(self._by_word[word].trust for word in words)
            for word in words:
                term = self._by_word[word]
                term.add(expansion.words, expansion.weight, trust)
                # "Brapa" asks as little as "berapa", also where no document has either.
                if len(words) == 1 and not self._frequencies.of_word(word):
                    term.is_stop_word |= _are_stop_words(expansion.words)
                # Abbreviations and their long forms are the office's own terms.
                term.is_name |= expansion.is_name and not term.is_stop_word

    def _weigh(self) -> list[Term]:
        """Set the weights of the terms by how rare they are, and return the terms."""
        terms = list(self._by_word.values())
        silent = any(not term.is_chat_word for term in terms)
        for term in terms:
            counts = [
                self._frequencies.of(alternative)
                for alternative in term.alternatives
                if alternative.quality >= MIN_COUNTED_QUALITY
            ]
            term.documents = min(max(counts, default=0), self.totals.documents)
            if not (term.is_chat_word and silent):
                self._weigh_one(term)
        return terms

    def _weigh_one(self, term: Term) -> None:
        rarity = self.totals.rarity(term.documents)
        if (term.corrected or term.word) in self._home:
            rarity *= HOME_WEIGHT
        term.weight = rarity * self._share(term)
        is_untelling = UNTELLING.fullmatch(term.word) is not None
        if term.is_stop_word or term.is_time or not term.weight:
            term.idf_weight = 0.0
        elif term.corrected:
            # Either a mistake or a word that no document has.
            unknown = self.totals.rarity(0)
            term.idf_weight = term.trust * rarity + (1 - term.trust) * unknown
        elif not is_untelling:
            term.idf_weight = rarity

    def _share(self, term: Term) -> float:
        """Return the share of its rarity that a term weighs in the ranking."""
        share = 1.0
        if term.is_region or term.is_time:
            share = WHERE_AND_WHEN_WEIGHT
        elif UNTELLING.fullmatch(term.word):
            share = YEAR_WEIGHT
        if term.is_stop_word:
            return share * STOP_WORD_WEIGHT if term.documents else 0.0
        return 0.0 if term.is_place and not term.documents else share

    def _most_telling(self, terms: list[Term]) -> list[Term]:
        if len(terms) <= MAX_TERMS:
            return terms
        by_weight = sorted(terms, key=lambda term: (not term.documents, -term.weight))
        terms_kept = {id(term) for term in by_weight[:MAX_TERMS]}
        return [term for term in terms if id(term) in terms_kept]
