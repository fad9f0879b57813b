"""Which articles may answer a question, and the order in which they do."""

from collections.abc import Iterable

from sqlalchemy.engine import Connection

from . import scoring
from .index import ask
from .question import Question
from .scoring import Candidate
from .slots import Alternative, Slot

# bm25 costs about two microseconds a row; this keeps 100,000 articles quick.
BUDGET = 1_500
HARD_LIMIT = 1_500
RERANKED = 20
BODY_READ = 4_000

TEXT, STEMS = "{title labels body}", "{title_stems label_stems body_stems}"

CANDIDATES = (
    "SELECT i.id, i.score, t.category, t.title_stems, t.label_stems, "
    f"substr(t.body_stems, 1, {BODY_READ}), length(t.body_stems) FROM ("
    "SELECT id, score FROM (SELECT rowid AS id, "
    "bm25(article_index, 3.0, 3.0, 1.0, 1.0, 1.0, 0.4) AS score "
    "FROM article_index WHERE article_index MATCH ? LIMIT ?) "
    "ORDER BY score LIMIT ?) AS i "
    "JOIN article_index_text AS t ON t.id = i.id ORDER BY i.score"
)
CANDIDATES_IN_CATEGORY = CANDIDATES.replace(
    "MATCH ?",
    "MATCH ? AND rowid IN (SELECT id FROM article_index_text WHERE category = ?)",
)


def rank(
    connection: Connection, question: Question, category: str | None = None
) -> list[Candidate]:
    """The articles that match `question`, best first; none for empty words."""
    if not any(slot.mass for slot in question.slots):
        return []
    match = expression(question)
    if not match:
        return []
    found = candidates(connection, match, category)
    if found:
        scoring.score(question, found)
    return sorted(found, key=lambda candidate: (-candidate.score, candidate.id))


def candidates(
    connection: Connection, match: str, category: str | None
) -> list[Candidate]:
    if category is None:
        rows = ask(connection, CANDIDATES, (match, HARD_LIMIT, RERANKED))
    else:
        asked = (match, category, HARD_LIMIT, RERANKED)
        rows = ask(connection, CANDIDATES_IN_CATEGORY, asked)
    return [
        Candidate(
            id,
            -score,
            topic,
            title,
            labels,
            body,
            max(1, length // 6),
        )
        for id, score, topic, title, labels, body, length in rows
    ]


def expression(question: Question) -> str:
    """The question as FTS5 understands it: every word quoted, any one enough.

    Rare words come first. When the rows that bm25 would score pass the budget, the
    common words left over only add rows on which several of them meet.
    """
    is_small = question.totals.articles <= BUDGET
    slots = [slot for slot in question.slots if slot.articles and slot.mass]
    slots.sort(key=lambda slot: (slot.is_stop_word, slot.articles))
    taken: list[str] = []
    left: list[Slot] = []
    spent = 0
    for slot in slots:
        cost = sum(map(question.articles, slot.alternatives))
        if is_small or spent + cost <= BUDGET:
            spent += cost
            taken.append(_any_of(question, slot))
        elif not slot.is_stop_word:
            left.append(slot)
    if left or not taken:
        taken.append(_meeting(question, left or slots, BUDGET - spent))
    return " OR ".join(filter(None, dict.fromkeys(taken)))


def _meeting(question: Question, slots: list[Slot], room: int) -> str:
    """Rows on which several of the common words meet, as many words as it takes.

    Only their stems are asked for: every further phrase is a long list to read.
    """
    expected = float(question.totals.articles)
    group: list[str] = []
    for slot in slots:
        likeliest = max(
            slot.alternatives, key=lambda a: (question.articles(a) > 0, a.quality)
        )
        expected *= question.articles(likeliest) / question.totals.articles
        group.append(f"{STEMS} : {_quoted(likeliest.stems)}")
        if expected <= max(room, BUDGET / 4) and len(group) > 1:
            break
    return "(" + " AND ".join(dict.fromkeys(group)) + ")" if group else ""


def _any_of(question: Question, slot: Slot) -> str:
    terms: list[str] = []
    for alternative in slot.alternatives:
        if question.articles(alternative):
            terms += _terms(alternative)
    return " OR ".join(dict.fromkeys(terms))


def _terms(alternative: Alternative) -> list[str]:
    word, root = _quoted(alternative.words), _quoted(alternative.stems)
    if word == root:
        return [word]
    return [f"{TEXT} : {word}", f"{STEMS} : {root}"]


def _quoted(words: Iterable[str]) -> str:
    return '"' + " ".join(words).replace('"', '""') + '"'
