"""Fetching the lists of the configured domains, each whole or not at all.

Pages that came are kept until their list is complete, so that a run that was broken
off goes on where it stopped. Nothing slow is done inside a transaction.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from pst.catalogue import storing
from pst.catalogue.entries import BadEntry, ItemEntry
from pst.catalogue.states import Origin
from pst.catalogue.web_service import kept_pages, lists
from pst.catalogue.web_service.lists import LISTS, Domain, List
from pst.catalogue.web_service.run_setup import Setup
from pst.catalogue.web_service.source_rows import (
    CatalogueRun,
)
from pst.database import db, is_trouble, transaction
from pst.outward.calls import CallFailure
from pst.webapi.client import (
    MAX_PAGES,
    BadAnswer,
    BadKey,
    Page,
    Unchanged,
    Webapi,
)

log = logging.getLogger(__name__)
# More rows than this share that are no items: the list has another shape than known.
MAX_SKIPPED = 0.1

# Called with the name of a list, a page and how many there are; it may raise `TimeUp`.
Progress = Callable[[str, int, int], None]


class TimeUp(Exception):
    """The time of a run is over; what it has is kept for the next."""


@dataclass
class Read:
    """The entries of a list that was read whole, and rows that were none."""

    entries: list[ItemEntry] = field(default_factory=list)
    skipped: int = 0
    # Not when a row stood on two pages: then another may have stood on none.
    is_whole: bool = True


def lists_of(setup: Setup) -> list[tuple[str, Domain, List]]:
    """Return every list that there is to fetch, with its name."""
    return [
        (f"{domain.code}/{each.name}", domain, each)
        for domain in setup.domains
        for each in LISTS
        if each.name != "simdasi" or domain.area_code
    ]


def fetch(
    api: Webapi, domain: Domain, each: List, progress: Progress | None = None
) -> None:
    """Fetch one list and take it over, or note why not."""
    name = f"{domain.code}/{each.name}"
    with transaction():
        run = CatalogueRun.begin(name)
        since, may_shrink = run.done_at, run.may_shrink
    try:
        read = _read(api, domain, each, since, progress)
        _take_over(name, read, may_shrink)
    except Unchanged:
        with transaction():
            _run(name).confirm()
    except TimeUp:  # no fault of this list
        raise
    except storing.Shrunk as error:
        _fail(name, f"shrunk: {error}", is_shrunk=True)
    except CallFailure as error:
        _fail(name, f"{error.reason}: {error}")
        if isinstance(error, BadKey):
            raise
    except Exception as error:  # one list of a new shape must not stop the others
        if is_trouble(error):
            raise
        db.session.rollback()
        log.exception("catalogue %s", name)
        _fail(name, f"error: {type(error).__name__}: {error}")


def _take_over(name: str, read: Read, may_shrink: bool) -> None:
    def finish(outcome: storing.StoringResult) -> None:
        _run(name).end(**vars(outcome), skipped=read.skipped)
        kept_pages.forget(name)

    outcome = storing.take_over(
        name, Origin.WEBAPI, read.entries, may_shrink, read.is_whole, finish=finish
    )
    log.info("catalogue %s: %s", name, outcome)


def _read(
    api: Webapi,
    domain: Domain,
    each: List,
    since: datetime | None,
    progress: Progress | None,
) -> Read:
    """Return what a list says, page by page from where the last run stopped."""
    name = f"{domain.code}/{each.name}"
    rows, number, pages, total = kept_pages.of(name)
    while number == 0 or number < min(pages, MAX_PAGES):
        number += 1
        page = _page(api, domain, each, number, since if number == 1 else None)
        pages, total = page.pages, page.total
        rows += page.rows
        if number < pages:
            kept_pages.keep(name, number, page)
            if progress:
                progress(name, number, pages)
    if total is not None and len(rows) < total:
        with transaction():
            kept_pages.forget(name)
        raise BadAnswer(f"{len(rows)} of {total} rows")
    return entries_of(rows, domain, each, total or 0)


def entries_of(rows: list[Any], domain: Domain, each: List, total: int = 0) -> Read:
    """Return the entries of rows, each once; raise `BadAnswer` when many are none."""
    entries: dict[str, ItemEntry] = {}
    skip_count = 0
    for row in rows:
        try:
            entry = lists.read(each, row, domain)
        except BadEntry as error:
            skip_count += 1
            log.warning("catalogue %s/%s: %s", domain.code, each.name, error)
            continue
        entries[entry.source_id] = entry
    if skip_count > MAX_SKIPPED * len(rows):
        raise BadAnswer(f"{skip_count} of {len(rows)} rows are no items")
    is_whole = len(entries) + skip_count >= total
    return Read(list(entries.values()), skip_count, is_whole)


def _page(
    api: Webapi, domain: Domain, each: List, number: int, since: datetime | None
) -> Page:
    changed_since = format_datetime(since, usegmt=True) if since else None
    if each.name != "simdasi":
        return api.page(each.model, domain.code, number, changed_since)
    return api.tables(domain.area_code, changed_since)


def _fail(name: str, fault: str, is_shrunk: bool = False) -> None:
    log.warning("catalogue %s: %s", name, fault)
    with transaction():
        _run(name).fail(fault, is_shrunk)


def _run(name: str) -> CatalogueRun:
    return db.session.get_one(CatalogueRun, name)
