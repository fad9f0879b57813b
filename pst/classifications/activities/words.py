"""People's words for what a business does, and what lists call the same.

`deeds` tell selling, making, repairing and so on apart in a query, and `kinds` the same
in the title of a code; `means` are words of everyday life with their formal ones.
"""

import json
from functools import cache, lru_cache
from typing import Any

from pst.reference_lists import DATA
from pst.search.language import indonesian

Stems = tuple[str, ...]
MAX_TERM_LENGTH = 4


@cache
def _words() -> dict[str, Any]:
    words: dict[str, Any] = json.loads((DATA / "activity_words.json").read_text())
    return words


def stems_of(text: str) -> Stems:
    return tuple(indonesian.stems(text))


@cache
def deeds() -> dict[Stems, str]:
    """Return the deed that each word or pair of words says, by its stems."""
    pairs = _words()["deeds"].items()
    return {stems_of(word): deed for deed, words in pairs for word in words}


@cache
def kinds() -> list[tuple[str, tuple[Stems, ...]]]:
    """Return the deeds with the words that say them in titles, the surest first."""
    return [(deed, tuple(map(stems_of, words))) for deed, words in _words()["kinds"]]


@cache
def meanings() -> dict[Stems, list[tuple[Stems, float]]]:
    """Return for everyday words the formal ones, with how surely they are meant."""
    by_stems: dict[Stems, list[tuple[Stems, float]]] = {}
    for everyday, formal, weight in _words()["means"]:
        for word in everyday:
            own = stems_of(word)
            others = [(stems_of(each), weight) for each in formal]
            by_stems.setdefault(own, []).extend(o for o in others if o[0] != own)
    return by_stems


def likeness(deed: str | None, kind: str | None) -> float:
    """Return how well a code of one kind serves a query about a deed, up to 1."""
    if deed is None or kind is None:
        return 1.0 if deed is None else 0.7
    if deed == kind:
        return 1.0
    return float(_words()["related"].get(deed, {}).get(kind, 0.35))


@cache
def _stems_of_list(name: str) -> frozenset[Stems]:
    return frozenset(map(stems_of, _words()[name]))


def about_codes() -> frozenset[Stems]:
    """Return the words that ask for a code, and say nothing of the activity."""
    return _stems_of_list("named") | {("kode",)}


def names_codes(text: str) -> bool:
    """Return whether a text asks for a code, and not for a figure or an article."""
    return _says(text, "named")


def asks_figures(text: str) -> bool:
    """Return whether a text asks for figures, where verbs mean something else."""
    return _says(text, "figures")


def _says(text: str, name: str) -> bool:
    roots = stems_of(text)
    return any(_contains(roots, term) for term in _stems_of_list(name))


@cache
def known_stems() -> frozenset[str]:
    """Return every stem of these words: none of them is a stop-word or mistyped."""
    terms = [*deeds(), *meanings()]
    return frozenset(stem for term in terms for stem in term)


def kind_of(*titles: str) -> str | None:
    """Return what a code is about, by its title or else those above it."""
    return next(filter(None, map(_kind_in, titles)), None)


@lru_cache(maxsize=1 << 13)
def _kind_in(title: str) -> str | None:
    roots = stems_of(title)
    present = set(roots)
    for deed, terms in kinds():
        if any(term[0] in present and _contains(roots, term) for term in terms):
            return deed
    return None


def _contains(roots: Stems, term: Stems) -> bool:
    size = len(term)
    return any(roots[at : at + size] == term for at in range(len(roots) - size + 1))
