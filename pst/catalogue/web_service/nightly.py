"""The nightly run, in short pieces, so that mails do not wait for it.

Each piece asks the rows what is due and goes on there: a list that no run has ended
since the night began, then the figures that were read longest ago.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from pst import clock, lamps
from pst.catalogue import documents
from pst.catalogue.web_service import fetching, run_setup, value_fetching
from pst.catalogue.web_service.fetching import Progress, TimeUp
from pst.catalogue.web_service.lists import LISTS, Domain
from pst.catalogue.web_service.run_setup import Setup
from pst.catalogue.web_service.source_rows import CatalogueRun
from pst.database import db, reading
from pst.lamps import Level
from pst.office import settings
from pst.outward import calls
from pst.outward.calls import CallFailure
from pst.webapi.client import Webapi
from pst.webapi.source import CatalogueSource, NotSetUp

log = logging.getLogger(__name__)
LAMP = "catalogue"
# The hours of the office's zone in which the run goes on by itself.
FIRST_HOUR, LAST_HOUR = 1, 5
PIECE_S = 30

lamps.register(LAMP)


def fetch_catalogue() -> None:
    """Do a piece of what is due of the catalogue."""
    since = due_since()
    if since is None:
        documents.write_pending()
        return
    ends_at = time.monotonic() + PIECE_S

    def tick(name: str, number: int, of: int) -> None:
        if time.monotonic() > ends_at:
            raise TimeUp

    try:
        run(since, tick)
    except NotSetUp:
        return
    except TimeUp:
        log.info("catalogue: goes on with the next piece")


def due_since() -> datetime | None:
    """Return since when lists are due, in the night or when an admin asked."""
    with reading():
        source = CatalogueSource.current()
        wanted_at = source.wanted_at if source else None
        if source is None or not source.key:
            return None
        zone = settings.current().zone
    here = clock.now().astimezone(zone)
    night = here.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
    if night <= here < night.replace(hour=LAST_HOUR):
        return max(filter(None, (night, wanted_at)))
    is_recent = wanted_at and clock.now() - wanted_at < timedelta(days=1)
    return wanted_at if is_recent else None


def run(since: datetime, progress: Progress | None = None) -> int:
    """Fetch what is due since then; return how many variables could not be read."""
    try:
        setup = run_setup.setup()
    except CallFailure as error:
        _note(f"{error.reason}: {error}")
        return 0
    failures = 0
    try:
        for name, domain, each in fetching.lists_of(setup):
            if _is_due(name, since):
                fetching.fetch(setup.api, domain, each, progress)
                if progress:
                    progress(name, 1, 1)
        failures = value_fetching.fetch_due(setup, since, progress)
    except CallFailure as error:  # a key that is not taken ends the run
        log.warning("catalogue: the run ended: %s", error)
    documents.write_pending()
    _note(_faults(setup))
    return failures


@dataclass(frozen=True)
class Trial:
    """What one list of one domain would bring, or why it brings nothing."""

    code: str
    items: int = 0
    example: str = ""
    fault: CallFailure | None = None


def try_out(api: Webapi, codes: list[str]) -> list[Trial]:
    """Ask for the publications of each domain, and keep nothing."""
    trials = []
    for code in codes:
        try:
            page = api.page("publication", code)
            entries = fetching.entries_of(page.rows, Domain(code, ""), LISTS[0]).entries
        except CallFailure as failure:
            trials.append(Trial(code, fault=failure))
        else:
            example = entries[0].title if entries else ""
            trials.append(Trial(code, page.total or len(page.rows), example))
    return trials


def _is_due(name: str, since: datetime) -> bool:
    with reading():
        run = db.session.get(CatalogueRun, name)
        return run is None or run.ended_at is None or run.ended_at < since


def _faults(setup: Setup) -> str:
    names = [name for name, _, _ in fetching.lists_of(setup)]
    with reading():
        query = sa.select(CatalogueRun.list_name).where(
            CatalogueRun.fault != "", CatalogueRun.list_name.in_(names)
        )
        return ", ".join(db.session.scalars(query.order_by(CatalogueRun.list_name)))


def _note(faults: str) -> None:
    party = calls.Party(LAMP, ())
    calls.note(party, Level.WARN if faults else Level.GOOD, faults[:300] or None)
