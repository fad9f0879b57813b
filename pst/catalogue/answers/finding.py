"""From a question to its figures: one search, or one for each place it names."""

from collections.abc import Sequence

import sqlalchemy as sa

from pst.catalogue.answers import answering, several
from pst.catalogue.answers.questions import Question
from pst.catalogue.documents import ITEM
from pst.catalogue.figures import Figure
from pst.catalogue.models import CatalogueItem
from pst.database import db
from pst.search import engine
from pst.search.storage import store

Items = dict[int, CatalogueItem]


def figures(
    question: Question, words: str, hits: Sequence[engine.Hit], items: Items, read: int
) -> list[Figure]:
    """Return the figure that was asked for, and those that it is compared with.

    `hits` are what is found for `words`, with their items. When they are not about the
    places that are named, the best `read` items for each are looked at, and then for
    none: the nearest figure says so.
    """
    if question.asks_meaning or question.asks_which:
        return []
    best = answering.find(question, words, hits, items) if hits else []
    if best and not best[0].missing_place:
        return best

    def ask(one: Question, words: str, searched: str) -> list[Figure]:
        answer = search(searched, read)
        hits = answer.hits or answer.unsure
        items = items_of([hit.source_id for hit in hits])
        return answering.find(one, words, hits, items) if hits else []

    each = several.find(question, lambda one: ask(one, one.searched, one.searched))
    if each or best:
        return each or best
    anywhere = several.without_places(question)
    names_none = anywhere.words == question.words
    return [] if names_none else ask(question, words, anywhere.searched)


def search(words: str, limit: int) -> engine.SearchResults:
    """Return the items that answer `words`."""
    return engine.search(store.reading(), words, ITEM, limit, with_snippets=False)


def items_of(ids: Sequence[int]) -> Items:
    """Return items by their ids."""
    query = sa.select(CatalogueItem).where(CatalogueItem.id.in_(ids))
    return {item.id: item for item in db.session.scalars(query)}
