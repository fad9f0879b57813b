"""Notes of searches and of the results opened from them, within limits."""

from collections.abc import Callable

from flask import request
from limits import parse_many

from pst.accounts.log_in import throttling
from pst.catalogue import openings
from pst.deferred_writes import afterwards
from pst.knowledge.queries import Results
from pst.knowledge.searches.search_log import SearchLog, SearchPlace

MAX_NOTED = parse_many("60/hour")


def note_search(results: Results, place: SearchPlace) -> None:
    """Note a search and what it found, once it is answered."""
    key, words = results.key, results.words
    count, has_figure = results.count, results.catalogue.figure is not None
    _note(lambda: SearchLog.keep(key, words, count, place, has_figure))


def note_click(key: str, article_id: int) -> None:
    """Note which article was opened from a search."""
    _note(lambda: SearchLog.click(key, article_id))


def note_item(key: str, item_id: int) -> None:
    """Note which catalogue item was opened from a search."""
    _note(lambda: SearchLog.open_item(key, item_id))


openings.listen(note_item)


def _note(work: Callable[[], object]) -> None:
    if request.method == "HEAD":
        return
    if not throttling.guesses().take([(MAX_NOTED, ("noted", throttling.by_visitor()))]):
        afterwards(work)
