"""Whether a document answers a query apart from the place or time it asks for.

"Jumlah penduduk Wanadadi" is the name of a document and one more word. No document
names every village and month, so the rest of the query decides.
"""

from pst.search.matches import Label, Match, best_quality, best_trust, named_share
from pst.search.query import Query

# The category that is the same for every place: how the service works.
NOT_NARROWED = "service"
# A place name has at most this many words, and few documents have them.
NAME_LENGTH = 2
FEW, FEW_OF_MANY = 2, 0.005
# The trust below which a word is not matched, and from which it is surely meant.
MISSED, SURE = 0.5, 0.75
# How much of the rest must match, and how well a label or title must be named.
ALL_ELSE, CALLED = 0.75, 0.8
# Words of a title that weigh half as much as a unique word name it as well.
TITLE_ENOUGH = 0.5


class Locality:
    """Compares the names of candidates with one query, without its place and time."""

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
        # A query about everyday life mostly asks for what no document has.
        self._may_be = not any(term.is_everyday for term in terms)
        self._may_be &= bool(self._around or self._strange)

    def name(
        self, category: str, title: list[Match], labels: list[Label], body: list[Match]
    ) -> set[int] | None:
        """Return the terms that name a place, when the rest names the document.

        The set is empty when only known names of places or times are left; None means
        that something else is asked as well.
        """
        if not self._may_be or category == NOT_NARROWED:
            return None
        trusts = best_trust(title, body, *(matches for _, _, matches in labels))
        name = {at for at in self._strange if trusts.get(at, 0.0) < MISSED}
        rest = self._asked - name
        weight = sum(self._idf_weights[at] * trusts.get(at, 0.0) for at in rest)
        if not rest or weight < ALL_ELSE * self._idf_weight(rest):
            return None
        is_so = self._is_one_name(name) and self._is_called(rest, title, labels)
        return name if is_so else None

    def is_called(self, title: list[Match], labels: list[Label]) -> bool:
        """Return whether words of the query name the document."""
        return self._is_called(self._asked, title, labels)

    def _is_one_name(self, name: set[int]) -> bool:
        """Return whether the words may be one name; with a province they are not."""
        if not name:
            return bool(self._around)
        return not self._names_region and max(name) - min(name) < NAME_LENGTH

    def _is_called(
        self, terms_left: set[int], title: list[Match], labels: list[Label]
    ) -> bool:
        in_title = _name_positions(title) & terms_left
        if (
            len(in_title) > 1
            and self._idf_weight(in_title) >= TITLE_ENOUGH * self._unique
        ):
            return True
        return any(
            # One word ("harga") names a whole field, unless the title has it as well.
            (" " in label or not terms.isdisjoint(in_title))
            and named_share(label, matches, start) >= CALLED
            for label, start, matches in labels
            if (terms := _name_positions(matches) & terms_left)
        )

    def _idf_weight(self, terms: set[int]) -> float:
        return sum(self._idf_weights[at] for at in terms)


def _name_positions(matches: list[Match]) -> set[int]:
    return {at for at, quality in best_quality(matches).items() if quality >= CALLED}
