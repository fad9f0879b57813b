"""Whether an article answers a question but for the place or the time that it names.

"Jumlah penduduk Wanadadi" is what an article is called and one word more. No article
need know every village and month: what is left of the question decides.
"""

from .met import Label, Met, named_share, surely_met, well_met
from .question import Question

# A place narrows data down; how the service works is the same everywhere.
NOT_NARROWED = "service"
# A name of a place has no more words than this, and hardly any article has them.
NAME_LENGTH = 2
FEW, FEW_OF_MANY = 2, 0.005
# Below this a word is not met; from that on it is taken for what was meant.
MISSED, SURE = 0.5, 0.75
# How much of all else must be met, and how well a label or a title must be named.
ALL_ELSE, CALLED = 0.75, 0.8
# Words of a title that are worth half a unique one are what it is called, too.
TITLE_ENOUGH = 0.5


class Narrowing:
    """Compares what candidates are called with one question less place and time."""

    def __init__(self, question: Question) -> None:
        slots, totals = question.slots, question.totals
        few = FEW + FEW_OF_MANY * totals.articles
        self._masses = [slot.mass for slot in slots]
        self._unique = totals.rarity(1)
        self._names_region = any(slot.is_region for slot in slots)
        self._around = {at for at, slot in enumerate(slots) if slot.narrows}
        self._asked = {at for at, slot in enumerate(slots) if slot.mass}
        self._asked -= self._around
        self._strange = {
            at
            for at in self._asked
            if slots[at].word.isalpha()
            and (slots[at].articles <= few or slots[at].trust < SURE)
        }
        # Who writes of everyday life mostly wants what no article has.
        self._may_be = not any(slot.is_everyday for slot in slots)
        self._may_be &= bool(self._around or self._strange)

    def name(
        self, category: str, title: list[Met], labels: list[Label], body: list[Met]
    ) -> set[int] | None:
        """The slots that name a place, when all else is what the article is called.

        Empty when only words name it that are known to name places or times; None when
        something else is asked, too.
        """
        if not self._may_be or category == NOT_NARROWED:
            return None
        met = surely_met(title, body, *(found for _, _, found in labels))
        name = {at for at in self._strange if met.get(at, 0.0) < MISSED}
        left = self._asked - name
        reached = sum(self._masses[at] * met.get(at, 0.0) for at in left)
        if not left or reached < ALL_ELSE * self._mass(left):
            return None
        is_so = self._is_one_name(name) and self._is_called(left, title, labels)
        return name if is_so else None

    def is_called(self, title: list[Met], labels: list[Label]) -> bool:
        """Whether words of the question are what the article is called."""
        return self._is_called(self._asked, title, labels)

    def _is_one_name(self, name: set[int]) -> bool:
        """Whether these words may be one name; a province is the name already."""
        if not name:
            return bool(self._around)
        return not self._names_region and max(name) - min(name) < NAME_LENGTH

    def _is_called(self, left: set[int], title: list[Met], labels: list[Label]) -> bool:
        in_title = _named(title) & left
        if len(in_title) > 1 and self._mass(in_title) >= TITLE_ENOUGH * self._unique:
            return True
        return any(
            # One word is the name of a shelf ("harga") unless the title has it, too.
            (" " in label or not named.isdisjoint(in_title))
            and named_share(label, found, start) >= CALLED
            for label, start, found in labels
            if (named := _named(found) & left)
        )

    def _mass(self, slots: set[int]) -> float:
        return sum(self._masses[at] for at in slots)


def _named(found: list[Met]) -> set[int]:
    return {at for at, quality in well_met(found).items() if quality >= CALLED}
