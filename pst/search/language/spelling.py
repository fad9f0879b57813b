"""The nearest words of the index for a word that it lacks."""

from collections.abc import Sequence

from rapidfuzz.distance import OSA
from sqlalchemy.engine import Connection

from pst.search.storage.documents import DocumentKind
from pst.search.storage.index import ask
from pst.search.storage.word_counts import deletions

from . import indonesian

NEAREST = 3
MAX_DISTANCE = 2
COMPLETIONS = 8
LONG_WORD = 6
MIN_STOP_WORD_LENGTH = 4
# In words of at least this length one mistake is likelier than another word; each more
# mistake needs a letter more.
SURE_LENGTH = 7
OTHER_LETTER, OTHER_START = 0.6, 0.5
MIN_CONSONANTS = 3
_BY_CONSONANTS = {
    consonants: word
    for word in sorted(indonesian.STOP_WORDS)
    if len(consonants := indonesian.consonants(word)) >= MIN_CONSONANTS
}
# The quality of a corrected word compared with one typed right, by distance.
QUALITIES = {1: 0.8, 2: 0.6}

# A cross join is read as it is written. By itself SQLite would go through all words of
# the kind, and look for each under every hash.
CANDIDATES = (
    "SELECT DISTINCT w.form, w.documents FROM search_deletion AS d "
    "CROSS JOIN search_word AS w ON w.id = d.word_id "
    "WHERE d.hash IN (*) AND w.kind IN (*)"
)
COMPLETING = (
    "SELECT form FROM search_word "
    "WHERE kind = ? AND form >= ? AND form < ? ORDER BY documents DESC LIMIT ?"
)


def nearest(
    connection: Connection, word: str, kind: DocumentKind
) -> list[tuple[str, float, float]]:
    """Return the likeliest words meant by `word`, with their quality and trust."""
    if not indonesian.can_be_corrected(word):
        return []
    return rank(word, ask(connection, CANDIDATES, _traces(word), kind.word_forms[:1]))


def meant_stop_word(word: str) -> bool:
    """Return whether `word` is a stop-word with a letter added, missing or swapped.

    With a letter replaced, or another first one, it is more often a different word:
    "janda" is no mistake for "anda".
    """
    return any(
        word[0] == stop[0]
        and OSA.distance(word, stop, score_cutoff=1) == 1
        and (len(word) != len(stop) or sorted(word) == sorted(stop))
        for stop in indonesian.STOP_WORDS
        if len(stop) >= MIN_STOP_WORD_LENGTH and abs(len(word) - len(stop)) <= 1
    )


def function_word(word: str) -> str | None:
    """Return the stop-word of which `word` is the consonants, as in "hrs"."""
    return _BY_CONSONANTS.get(word)


def rank(word: str, words: Sequence[tuple[str, int]]) -> list[tuple[str, float, float]]:
    """Return the nearest of `words`; the same first letter and frequent words first."""
    reach = 1 if len(word) < LONG_WORD else 2
    by_distance = [
        (_distance(word, form, reach), form[0] != word[0], -n, form)
        for form, n in words
    ]
    in_reach = sorted(item for item in by_distance if item[0] <= MAX_DISTANCE)
    nearest_first = [item for item in in_reach if item[0] == in_reach[0][0]]
    return [
        (form, QUALITIES[distance], _trust(word, form, distance))
        for distance, _, _, form in nearest_first[:NEAREST]
        if distance
    ]


def _distance(word: str, form: str, reach: int) -> int:
    """Return how many letters are wrong; missing vowels together count as two."""
    distance = OSA.distance(word, form, score_cutoff=reach)
    if distance <= reach:
        return distance
    return 2 if indonesian.vowels_left_out(word, form) else 3


def _traces(word: str) -> set[int]:
    """Return the hashes under which the word that was meant may be found."""
    hashes = deletions(word)
    if len(word) >= LONG_WORD:  # two letters too many: the index lacks one at most
        for at in range(len(word)):
            hashes |= deletions(word[:at] + word[at + 1 :])
    return hashes


def _trust(word: str, form: str, distance: int) -> float:
    """Return how likely `word` is a mistake for `form`, and not a different word.

    A short word with another letter in it, above all its first, mostly is one:
    "pagi" is no mistake for "padi".
    """
    trust = 1 - distance / max(len(word), len(form))
    if len(word) < SURE_LENGTH + distance - 1:
        trust *= trust
        if len(word) == len(form) and sorted(word) != sorted(form):
            trust *= OTHER_LETTER
    return max(trust, 0.0) * (OTHER_START if form[0] != word[0] else 1)


def completions(connection: Connection, start: str, kind: DocumentKind) -> list[str]:
    """Return the most frequent words that begin with `start`."""
    end = start + "\U0010ffff"
    rows = ask(connection, COMPLETING, (kind.word_forms[0], start, end, COMPLETIONS))
    return [form for (form,) in rows]
