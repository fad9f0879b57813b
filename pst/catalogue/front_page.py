"""The figures on the first page: up to six items that the office chose.

Read again every few minutes, not for each visitor.
"""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from pst import clock
from pst.catalogue import figures
from pst.catalogue.answers.charts import period_text
from pst.catalogue.documents import core_title
from pst.catalogue.models import CatalogueItem
from pst.catalogue.queries import CatalogueResults
from pst.database import db
from pst.office import settings

MAX_SHOWN, OFFERED = 6, 12
KEPT_FOR = timedelta(minutes=10)
CACHE = "front_figures"


@dataclass(frozen=True)
class NewestFigure:
    """The newest figure of one item, without its rows."""

    item_id: int
    title: str
    area: str
    value: float
    decimals: int
    unit: str
    period: str
    is_demo: bool


def indicators() -> tuple[NewestFigure, ...]:
    """Return the figures of the items that the office chose; those that are there."""
    setting = settings.current().home_indicators
    if not setting.strip():
        return ()
    cached = current_app.extensions.get(CACHE)
    if cached is None or cached[0] != setting or cached[1] < clock.now():
        cached = (
            setting,
            clock.now() + KEPT_FOR,
            tuple(newest(ids_in(setting)))[:MAX_SHOWN],
        )
        current_app.extensions[CACHE] = cached
    figures: tuple[NewestFigure, ...] = cached[2]
    return figures


def ids_in(text: str) -> list[int]:
    """Return the numbers of items in a setting, each once."""
    words = text.replace(",", " ").split()
    ids = (int(word) for word in words if word.isdecimal() and len(word) < 10)
    return list(dict.fromkeys(ids))


def newest(ids: list[int]) -> list[NewestFigure]:
    """Return the newest figures of items, in their order; none for those without."""
    query = sa.select(CatalogueItem).where(
        CatalogueItem.id.in_(ids), CatalogueItem.gone_at.is_(None)
    )
    items = {item.id: item for item in db.session.scalars(query)}
    latest = [figures.latest(items[id]) for id in ids if id in items]
    return [_facts_of(figure) for figure in latest if figure]


def candidates(words: str, but: list[int]) -> list[NewestFigure]:
    """Return figures to choose from, of the items that `words` find."""
    results = CatalogueResults(words, OFFERED)
    items = [*(figure.item for figure in results.figures), *results.nearest]
    ids = dict.fromkeys(item.id for item in items if item.id not in but)
    return newest(list(ids))


def _facts_of(figure: figures.Figure) -> NewestFigure:
    item, value = figure.item, figure.value
    period = period_text(value)
    facts = (item.id, core_title(item.title), value.area or item.area)
    return NewestFigure(
        *facts, value.value, value.decimals, item.unit, period, item.is_demo
    )
