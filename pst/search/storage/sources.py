"""Where the documents of each kind come from: registered by the feature that has them.

The engine holds nothing that is not derived. A source gives all its documents again, so
that the index can be filled, compared and repaired without knowing any feature.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.engine import Connection

from pst.database import db, reading, transaction
from pst.search import engine

from . import node_file, store
from .batches import unhurried_batches
from .documents import Document, DocumentKind, Drift


@dataclass(frozen=True)
class DocumentSource:
    """The documents of one kind: all of them, or those of some ids."""

    kind: DocumentKind
    name: str
    documents: Callable[[list[int] | None], Iterator[Document]]
    # How many there are: cheaper to ask than to make them.
    count: Callable[[], int]


_sources: dict[DocumentKind, DocumentSource] = {}


def register(source: DocumentSource) -> None:
    """Let the index know of a source; a kind has one."""
    _sources[source.kind] = source
    node_file.register(source.kind.number, partial(_derive, source))


def registered() -> list[DocumentSource]:
    """Return all sources, by the number of their kind."""
    return sorted(_sources.values(), key=lambda source: source.kind.number)


def drift() -> dict[str, Drift]:
    """Return where the index and its sources differ, by the name of the source."""
    by_source = {source.name: drift_of(source) for source in registered()}
    return {name: drift for name, drift in by_source.items() if drift}


def drift_of(source: DocumentSource) -> Drift:
    """Return where the index and one source differ."""
    return engine.check(store.reading(), source.kind, source.documents(None))


def counts() -> tuple[int, int]:
    """Return how many documents the index has, and how many it should have."""
    connection = store.reading()
    indexed = sum(engine.count(connection, each.kind) for each in registered())
    return indexed, sum(each.count() for each in registered())


def fill_empty() -> None:
    """Build what a migration left empty; a web server does so before it searches."""
    if store.has_own_file():
        return
    for source in registered():
        is_empty = engine.is_empty(store.reading(), source.kind)
        db.session.rollback()
        if is_empty:
            with transaction():
                _rebuild(source)


def reindex() -> int:
    """Index every document again, a few in each transaction; return how many.

    Only when its counts are wrong is a kind built in one transaction.
    """
    if store.has_own_file():
        return sum(map(_make_again, registered()))
    return sum(map(_reindex, registered()))


def _make_again(source: DocumentSource) -> int:
    with transaction():
        store.change_all(source.kind.number)
    with reading():
        return engine.count(store.reading(), source.kind)


def _reindex(source: DocumentSource) -> int:
    with transaction():
        ids = [document.source_id for document in source.documents(None)]
    for batch in unhurried_batches(ids):
        with transaction():
            for document in source.documents(batch):
                engine.write(db.session.connection(), document)
    with transaction():
        for id in drift_of(source).surplus:
            engine.remove(db.session.connection(), source.kind, id)
        if drift_of(source):
            _rebuild(source)
    return len(ids)


def _derive(
    source: DocumentSource, connection: Connection, ids: Sequence[int] | None
) -> None:
    """Write some documents into the index of a web server, or all."""
    if ids is None:
        engine.rebuild(connection, source.kind, source.documents(None))
        return
    missing = set(ids)
    for document in source.documents(list(ids)):
        engine.write(connection, document)
        missing.discard(document.source_id)
    for id in missing:
        engine.remove(connection, source.kind, id)


def _rebuild(source: DocumentSource) -> None:
    engine.rebuild(db.session.connection(), source.kind, source.documents(None))
