"""Reading the figures of variables, those that were read longest ago first."""

import logging
from datetime import datetime

import sqlalchemy as sa

from pst import clock
from pst.catalogue.answers import series
from pst.catalogue.models import CatalogueItem, CatalogueValue
from pst.catalogue.web_service.fetching import Progress
from pst.catalogue.web_service.lists import Domain
from pst.catalogue.web_service.run_setup import Setup
from pst.database import db, reading, transaction
from pst.outward.calls import CallFailure
from pst.webapi.client import BadAnswer, BadKey, Webapi

log = logging.getLogger(__name__)
# How many of the newest periods are read.
PERIODS = 12
STEP = "figures"


def due(setup: Setup, since: datetime) -> list[int]:
    """Return the variables whose figures were not read since then, the oldest first."""
    names = [f"{domain.code}/var" for domain in setup.domains]
    query = (
        sa.select(CatalogueItem.id)
        .where(
            CatalogueItem.list_name.in_(names),
            CatalogueItem.gone_at.is_(None),
            sa.or_(CatalogueItem.values_at.is_(None), CatalogueItem.values_at < since),
        )
        .order_by(CatalogueItem.values_at.asc().nulls_first(), CatalogueItem.id)
    )
    with reading():
        return list(db.session.scalars(query))


def fetch_due(setup: Setup, since: datetime, progress: Progress | None = None) -> int:
    """Read all figures that are due; return how many variables could not be read."""
    ids, failures = due(setup, since), 0
    for number, id in enumerate(ids, 1):
        failures += not fetch(setup, id)
        if progress:
            progress(STEP, number, len(ids))
    return failures


def fetch(setup: Setup, id: int) -> bool:
    """Read the figures of one variable; return whether that went well."""
    with reading():
        item = db.session.get_one(CatalogueItem, id)
        variable, code = item.source_id, item.list_name.partition("/")[0]
        figure = sa.select(CatalogueValue.id).filter_by(item_id=id).limit(1)
        has_figures = db.session.scalar(figure) is not None
    domain = next(each for each in setup.domains if each.code == code)
    try:
        values = _values(setup.api, domain, variable, setup.own)
        if has_figures and not values:
            raise BadAnswer("none of the figures there were")
    except BadKey:
        raise
    except CallFailure as error:
        log.warning("catalogue: figures of %s/%s: %s", code, variable, error)
        with transaction():  # others are tried before this one again
            db.session.get_one(CatalogueItem, id).values_at = clock.now()
        return False
    with transaction():
        item = db.session.get_one(CatalogueItem, id)
        if item.set_values(values):
            item.changed_at = clock.now()
    return True


def _values(
    api: Webapi, domain: Domain, variable: str, own: str
) -> tuple[series.Value, ...]:
    rows = api.pages("th", domain.code, var=variable)
    years = {
        int(row["th_id"])
        for row in rows
        if isinstance(row, dict) and str(row.get("th_id", "")).isdigit()
    }
    if not years:
        return ()
    newest = ";".join(str(year) for year in sorted(years)[-PERIODS:])
    query = {"model": "data", "domain": domain.code, "var": variable, "th": newest}
    return series.read(api.ask("/list", query), domain, own)
