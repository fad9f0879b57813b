"""What somebody typed, read as slots and weighed by how rare its words are."""

import re
from collections.abc import Collection
from typing import Any

from sqlalchemy.engine import Connection

from . import indonesian, places, spelling, synonyms
from .index import STEM, WORD, ask
from .slots import Alternative, Slot, Totals

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

# Every article is about the office's own town, whether it says so or not.
HOME_WEIGHT = 0.5
# Where and when order the articles that answer, and hardly say which do.
YEAR_WEIGHT, WHERE_AND_WHEN_WEIGHT = 0.5, 0.25

STATE = (
    "SELECT version, articles, title_length, body_length, "
    "(SELECT value FROM office_setting WHERE key = 'city') FROM article_index_state"
)
COUNTS = (
    "SELECT kind, form, articles FROM article_index_words "
    "WHERE kind = 0 AND form IN (*) UNION ALL "
    "SELECT kind, form, articles FROM article_index_words "
    "WHERE kind = 1 AND form IN (*)"
)


# The index and all else that an answer depends on; equal while nothing changed.
State = tuple[Any, ...]


def state_of(connection: Connection) -> State:
    return tuple(ask(connection, STATE)[0])


class Question:
    """The slots of what somebody typed, weighed by how rare their words are."""

    def __init__(
        self,
        connection: Connection,
        text: str,
        prefix: bool = False,
        state: State | None = None,
    ) -> None:
        self._connection = connection
        self._counts: dict[tuple[int, str], int] = {}
        version, *totals, home = state or state_of(connection)
        self.totals = Totals(*totals)
        self._home = indonesian.words(home or "")
        self._groups = synonyms.load(connection, version)
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
    def mass(self) -> float:
        """How much is asked, by the rarity of its words."""
        return sum(slot.mass for slot in self.slots)

    def mended(self, but: Collection[int] = ()) -> str | None:
        """What was typed with the mistakes mended; None when there were none.

        `but` are slots that were found to be right, such as the name of a village.
        """
        right = {self.slots[at].word for at in but}
        means = {
            slot.word: slot.mended
            for slot in self._slots.values()
            if slot.mended and slot.word not in right
        }
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
        for kind, form, articles in ask(self._connection, COUNTS, words, roots):
            self._counts[kind, form] = articles

    def _occurs(self, word: str) -> bool:
        self._count([word])
        known = self._counts[WORD, word]
        return bool(known or self._counts.get((STEM, indonesian.stem(word))))

    def _fill(self) -> None:
        """Give every slot its alternatives."""
        reading = {}
        self._note_kinds()
        for word, slot in self._slots.items():
            slot.add((word,), 1.0)
            completed = word == self._unfinished and self._complete(slot)
            is_known = slot.is_stop_word or slot.is_where_or_when or self._occurs(word)
            if completed or is_known:
                reading[word] = word
            else:
                reading[word] = self._mend(slot)
        self._join_pairs()
        read = [reading[word] for word in self._typed]
        self._expand(read)
        alternatives = [a for s in self._slots.values() for a in s.alternatives]
        self._count([word for a in alternatives for word in a.words])

    def _note_kinds(self) -> None:
        """Note which words say where and when, and which are of everyday life."""
        everyday = indonesian.everyday_words(self._typed)
        names = places.place_names(self._typed)
        regions, times = places.regions(self._typed), places.times(self._typed)
        around = names | regions | times | places.kinds_of_place(self._typed)
        for word, slot in self._slots.items():
            slot.is_everyday = word in everyday
            slot.is_place = word in names
            slot.is_region = word in regions
            slot.is_time = word in times
            slot.narrows = word in around or word in self._home

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
        if slot.is_everyday or self._groups.knows(slot.word):
            return slot.word
        if (plain := self._without_repeats(slot)) is not None:
            return plain
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
        slot.trust = trust
        if trust >= SURE:
            slot.is_stop_word = indonesian.is_stop_word(slot.mended)
        return slot.mended

    def _without_repeats(self, slot: Slot) -> str | None:
        """Read "padiii" and "apaa" as the words they stand for."""
        for form in indonesian.without_repeats(slot.word):
            if self._occurs(form) or indonesian.is_stop_word(form):
                slot.is_stop_word = indonesian.is_stop_word(form)
                slot.add((form,), 1.0)
                slot.mended = form
                return form
        return None

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
            typed = self._typed[expansion.start : expansion.end]
            trust = expansion.weight * min(self._slots[word].trust for word in typed)
            for word in typed:
                slot = self._slots[word]
                slot.add(expansion.words, expansion.weight, trust)
                # Abbreviations and their long forms are the office's own terms.
                slot.is_name |= expansion.is_name and not slot.is_stop_word

    def _weigh(self) -> list[Slot]:
        """Weigh the slots, and keep those that tell most."""
        slots = list(self._slots.values())
        for slot in slots:
            counts = [self.articles(a) for a in slot.alternatives if a.quality >= 0.6]
            slot.articles = min(max(counts, default=0), self.totals.articles)
            slot.weight = self.totals.rarity(slot.articles)
            if (slot.mended or slot.word) in self._home:
                slot.weight *= HOME_WEIGHT
            rarity = slot.weight
            if slot.is_region or slot.is_time:
                slot.weight *= WHERE_AND_WHEN_WEIGHT
            elif UNTELLING.fullmatch(slot.word):
                slot.weight *= YEAR_WEIGHT
            if slot.is_stop_word:
                slot.weight *= STOP_WORD_WEIGHT if slot.articles else 0
            elif slot.is_place and not slot.articles:
                slot.weight = 0
            elif slot.is_time:
                slot.mass = 0
            elif slot.mended:
                # Either a mistake or a word that no article has.
                unknown = self.totals.rarity(0)
                slot.mass = slot.trust * rarity + (1 - slot.trust) * unknown
            elif not UNTELLING.fullmatch(slot.word):
                slot.mass = rarity
        if len(slots) > SLOTS:
            telling = sorted(slots, key=lambda s: (not s.articles, -s.weight))[:SLOTS]
            slots = [slot for slot in slots if slot in telling]
        return slots
