"""Whether a document answers a query but for the place or the time that it names.

"Jumlah penduduk Wanadadi" is what a document is called and one word more. No document
need know every village and month: what is left of the query decides.
"""

from .matches import Label, Match, best_quality, best_trust, named_share
from .query import Query

# A place narrows data down; how the service works is the same everywhere.
NOT_NARROWED = "service"
# A name of a place has no more words than this, and hardly any document has them.
NAME_LENGTH = 2
FEW, FEW_OF_MANY = 2, 0.005
# Below this a word is not matched; from that on it is taken for what was meant.
MISSED, SURE = 0.5, 0.75
# How much of all else must be matched, and how well a label or a title must be named.
ALL_ELSE, CALLED = 0.75, 0.8
# Words of a title that are worth half a unique one are what it is called, too.
TITLE_ENOUGH = 0.5


class Locality:
    """Compares what candidates are called with one query less place and time."""

    def __init__(self, query: Query) -> None:
        terms, totals = query.terms, query.totals
        few = FEW + FEW_OF_MANY * totals.documents
        self._idf_weights = [term.idf_weight for term in terms]
        self._unique = totals.rarity(1)
        self._names_region = any(term.is_region for term in terms)
        self._around = {at for at, term in enumerate(terms) if term.narrows}
        self._asked = {at for at, term in enumerate(terms) if term.idf_weight}
        self._asked -= self._around
        self._strange = {
            at
            for at in self._asked
            if terms[at].word.isalpha()
            and (terms[at].documents <= few or terms[at].likeness < SURE)
        }
        # Who writes of everyday life mostly wants what no document has.
        self._may_be = not any(term.is_everyday for term in terms)
        self._may_be &= bool(self._around or self._strange)

    def name(
        self, category: str, title: list[Match], labels: list[Label], body: list[Match]
    ) -> set[int] | None:
        """Return the terms that name a place, when all else is the document's name.

        Empty when only words name it that are known to name places or times; None when
        something else is asked, too.
        """
        if not self._may_be or category == NOT_NARROWED:
            return None
        trusts = best_trust(title, body, *(matches for _, _, matches in labels))
        name = {at for at in self._strange if trusts.get(at, 0.0) < MISSED}
        left = self._asked - name
        reached = sum(self._idf_weights[at] * trusts.get(at, 0.0) for at in left)
        if not left or reached < ALL_ELSE * self._idf_weight(left):
            return None
        is_so = self._is_one_name(name) and self._is_called(left, title, labels)
        return name if is_so else None

    def is_called(self, title: list[Match], labels: list[Label]) -> bool:
        """Return whether words of the query are what the document is called."""
        return self._is_called(self._asked, title, labels)

    def _is_one_name(self, name: set[int]) -> bool:
        """Return whether these words may be one name; a province already is one."""
        if not name:
            return bool(self._around)
        return not self._names_region and max(name) - min(name) < NAME_LENGTH

    def _is_called(
        self, left: set[int], title: list[Match], labels: list[Label]
    ) -> bool:
        in_title = _named(title) & left
        if (
            len(in_title) > 1
            and self._idf_weight(in_title) >= TITLE_ENOUGH * self._unique
        ):
            return True
        return any(
            # One word is the name of a shelf ("harga") unless the title has it, too.
            (" " in label or not named.isdisjoint(in_title))
            and named_share(label, matches, start) >= CALLED
            for label, start, matches in labels
            if (named := _named(matches) & left)
        )

    def _idf_weight(self, terms: set[int]) -> float:
        return sum(self._idf_weights[at] for at in terms)


def _named(matches: list[Match]) -> set[int]:
    return {at for at, quality in best_quality(matches).items() if quality >= CALLED}
