"""Features above the catalogue register here for items that are opened."""

from collections.abc import Callable

# Called with the key of the search that led to the item, and its id.
Listener = Callable[[str, int], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Let a feature know when a result of its search is opened."""
    if listener not in _listeners:
        _listeners.append(listener)


def opened(key: str, item_id: int) -> None:
    """Call every listener, for an item that was opened from a search."""
    for listener in _listeners:
        listener(key, item_id)
