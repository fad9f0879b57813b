"""Notes of searches and of the results opened from them, within limits."""

from collections.abc import Callable

from flask import request
from flask_login import current_user
from limits import parse_many

from pst.accounts.log_in import throttling
from pst.catalogue import openings
from pst.deferred_writes import afterwards
from pst.knowledge.queries import Results
from pst.knowledge.searches.search_log import Place, SearchLog

MAX_NOTED = parse_many("60/hour")


def by_visitor() -> str:
    """Return the key of the user or the stranger's network, to count requests by."""
    if current_user.is_authenticated:
        return f"person:{current_user.get_id()}"
    return f"network:{throttling.here()[-1]}"


def note_search(results: Results, place: Place) -> None:
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
    if not throttling.guesses().take([(MAX_NOTED, ("noted", by_visitor()))]):
        afterwards(work)
